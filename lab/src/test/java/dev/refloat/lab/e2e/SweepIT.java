package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is looked after once a minute, because no watch tells of it. */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class SweepIT {

  private static final String HELP = "A pod that is not watched needs somebody's help";

  /** Two looks, and some. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  /** What is found must be so for half a minute. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(31);

  @Test
  void S17_a_pod_that_hangs_on_a_lost_node_is_told_with_its_remedies_and_never_touched(Lab lab) {
    try (Scene scene = Scene.in(lab, "hangs")) {
      // GIVEN a pod that somebody deletes on a node that is cut off
      scene.running(Scene.optedIn("db"));
      String node = scene.world().nodeOf("db-0").orElseThrow();
      String clusterWide = scene.world().names().clusterWide(node);
      scene.world().nodeSilent(node);
      lab.client()
          .pods()
          .inNamespace(scene.world().namespace())
          .withName("db-0")
          .withGracePeriod(1)
          .delete();
      String uid = scene.world().pod("db-0").orElseThrow().getMetadata().getUid();
      awaitLongEnough();

      // WHEN the controller looks
      RefloatProcess controller = scene.controller();

      // THEN it tells, once, and nothing more
      LogLine line = scene.awaitReason(controller, "db-0", "TerminatingOnLostNode");
      assertThat(line.message()).isEqualTo(HELP);
      assertThat(line.get("why").orElseThrow())
          .contains(
              "`kubectl taint nodes "
                  + clusterWide
                  + " node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`");
      assertThat(controller.get("/metrics"))
          .contains("refloat_findings{reason=\"TerminatingOnLostNode\"} 1.0");
      awaitEvent(scene, "TerminatingOnLostNode");
      assertThat(scene.world().pod("db-0").orElseThrow().getMetadata().getUid()).isEqualTo(uid);

      // AND when a person has said that the machine is off, it is over
      scene.world().outOfService(node);
      controller.awaitLine(
          "says that it is over",
          said -> said.message().equals("A pod needs nobody's help any more"),
          PATIENCE);
      assertThat(Scene.messages(controller)).containsOnlyOnce(HELP);
    }
  }

  @Test
  void S49_a_pod_that_was_made_while_the_webhook_was_away_is_told(Lab lab) {
    try (Scene scene = Scene.in(lab, "unlabelled")) {
      // GIVEN a pod that lost its node, and was made again without the webhook
      scene.running(Scene.optedIn("db"));
      lab.installation()
          .whileUnregistered(
              scene.world().namespace(),
              () -> {
                scene.loseNodeOf("db-0");
                scene.world().awaitUnschedulable("db-0");
              });
      assertThat(scene.world().pod("db-0").orElseThrow().getMetadata().getLabels())
          .doesNotContainKey("refloat.dev/local-storage");
      awaitLongEnough();

      RefloatProcess controller = scene.controller();

      LogLine line = scene.awaitReason(controller, "db-0", "UnlabelledButStranded");
      assertThat(line.message()).isEqualTo(HELP);
      assertThat(line.get("why").orElseThrow()).contains("its claim data-db-0");
      awaitEvent(scene, "UnlabelledButStranded");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);

      // AND the pod that is made again is labelled, watched and refloated
      scene.world().deletePod("db-0");
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
    }
  }

  @Test
  void S46_a_recovery_that_has_held_for_twice_its_cooldown_does_not_count_any_more(Lab lab) {
    try (Scene scene = Scene.in(lab, "held")) {
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controller("REFLOAT_COOLDOWN", "5s");
      String lost = scene.loseNodeOf("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      assertThat(annotations(scene)).containsEntry("refloat.dev/attempt", "1");

      LogLine held =
          controller.awaitLine(
              "says that the recovery has held",
              line -> line.message().equals("Recovery has held, the loop guard counts anew"),
              PATIENCE);
      assertThat(held.get("by")).contains(Scene.instance(controller));

      assertThat(annotations(scene)).doesNotContainKey("refloat.dev/attempt");
      scene.assertRefloatedOnce("data-db-0");
    }
  }

  private static Map<String, String> annotations(Scene scene) {
    return scene.world().claim("data-db-0").orElseThrow().getMetadata().getAnnotations();
  }

  private static void awaitEvent(Scene scene, String reason) {
    Await.within(Duration.ofSeconds(20))
        .until(
            "an Event " + reason,
            () -> scene.events().stream().anyMatch(event -> isWarning(event, reason)));
  }

  private static boolean isWarning(Event event, String reason) {
    return reason.equals(event.getReason()) && "Warning".equals(event.getType());
  }

  private static void awaitLongEnough() {
    Instant then = Instant.now().plus(LONG_ENOUGH);
    Await.within(LONG_ENOUGH.plusSeconds(10))
        .until("it has been so for long enough", () -> Instant.now().isAfter(then));
  }
}
