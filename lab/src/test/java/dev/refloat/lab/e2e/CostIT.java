package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.RefloatProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a recovery asks of the API server; the numbers of {@code docs/cost.md}. */
@ExtendWith(Lab.Shared.class)
class CostIT {

  @Test
  void from_the_loss_to_the_end_a_recovery_takes_at_most_36_reads_and_5_writes(Lab lab)
      throws IOException {
    try (Scene scene = Scene.in(lab, "cost")) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "8s"));
      RefloatProcess controller = scene.controller();
      ApiRequests idle = ApiRequests.of(controller);
      scene.loseNodeOf("db-0");
      scene.awaitReason(controller, "db-0", "GracePeriod");
      // GIVEN the grace runs, and the lost node is watched by name and by hostname
      Await.seconds(5)
          .until(
              "the lost node is watched",
              () -> ApiRequests.of(controller).since(idle).of("watch nodes") == 2);
      ApiRequests held = ApiRequests.ofQuiet(controller);

      scene.awaitMessage(controller, "db-0", "Cleanup completed");

      ApiRequests all = ApiRequests.of(controller);
      ApiRequests recovery = all.since(held);
      ApiRequests story = all.since(idle);
      Files.writeString(
          Path.of("target", "cost.txt"),
          "from the end of the grace: %s%nthe whole story: %s%n".formatted(recovery, story));
      // How many surveys fall into the grace depends on how often the pod changes: only the whole
      // story has a bound.
      assertThat(recovery.writes()).as(recovery.toString()).isLessThanOrEqualTo(5);
      // The pod changes while it becomes stranded, and is surveyed each time.
      assertThat(withoutConfirmations(story)).as(story.toString()).isLessThanOrEqualTo(36);
      assertThat(story.writes()).as(story.toString()).isEqualTo(recovery.writes());
    }
  }

  /**
   * While the grace runs, every three seconds the lost node is asked for by name, which a recovery
   * does not, and with it by hostname: two reads each time, as long as the grace is.
   */
  private static int withoutConfirmations(ApiRequests requests) {
    return requests.reads() - 2 * requests.of("get nodes");
  }
}
