package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.api.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two controllers at once. */
@ExtendWith(Lab.Shared.class)
class LeadershipIT {

  /** A Lease of 15 s that nobody gave back, and a retry. */
  private static final Duration TAKE_OVER = Duration.ofSeconds(40);

  @Test
  void S40_a_leader_that_was_stopped_while_another_took_over_writes_nothing_more_and_ends(Lab lab)
      throws IOException {
    try (Scene scene = Scene.in(lab, "stopped-leader")) {
      // GIVEN a leader that is stopped, and another that leads in its place
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "6s"));
      RefloatProcess first = scene.controller("REFLOAT_LEADER_ELECTION", "true");
      first.awaitLine("leads", Scene::leads, TAKE_OVER);
      RefloatProcess second = scene.controller("REFLOAT_LEADER_ELECTION", "true");
      assertThat(first.metric("refloat_leader")).isEqualTo(1);
      assertThat(second.metric("refloat_leader")).isZero();
      first.suspend();
      second.awaitLine("leads", Scene::leads, TAKE_OVER);

      // WHEN it goes on in the middle of a grace period
      String lost = scene.loseNodeOf("db-0");
      scene.awaitReason(second, "db-0", "GracePeriod");
      first.resume();

      // THEN it ends, so that it is started again, and only the other one has written
      assertThat(first.awaitEnd()).isEqualTo(1);
      assertThat(first.log())
          .filteredOn(line -> line.message().equals("Cannot go on"))
          .extracting(line -> line.get("why").orElse(""))
          .singleElement()
          .asString()
          .contains("the Lease refloat-system/refloat-controller was lost");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(second, "db-0", "Cleanup completed");
      var _ = scene.recorder().mark();
      assertThat(Scene.messages(first))
          .doesNotContain(
              "Refloating a stranded pod",
              "Volume is set to Retain, its data stays on the disk",
              "Successfully deleted PVC",
              "Successfully deleted pod");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(2);
      assertThat(scene.events())
          .extracting(Event::getReportingInstance)
          .as("instances that wrote Events")
          .isNotEmpty()
          .containsOnly(Scene.instance(second));
      assertThat(holder(lab)).isEqualTo(Scene.instance(second)).startsWith(host() + "_");
    }
  }

  @Test
  void two_controllers_that_do_not_elect_anybody_refloat_a_pod_once(Lab lab) {
    try (Scene scene = Scene.in(lab, "no-election")) {
      scene.running(Scene.optedIn("db"));
      RefloatProcess first = scene.controller();
      RefloatProcess second = scene.controller();

      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      var _ = scene.recorder().mark();
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(2);
      assertThat(deletions(first) + deletions(second)).isEqualTo(1);
    }
  }

  private static String holder(Lab lab) {
    return lab.client()
        .leases()
        .inNamespace(Installation.NAMESPACE)
        .withName("refloat-controller")
        .get()
        .getSpec()
        .getHolderIdentity();
  }

  private static String host() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
  }

  private static long deletions(RefloatProcess controller) {
    return controller.log().stream()
        .map(LogLine::message)
        .filter("Successfully deleted PVC"::equals)
        .count();
  }
}
