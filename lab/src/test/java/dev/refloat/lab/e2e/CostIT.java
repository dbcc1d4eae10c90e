package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.RefloatProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a recovery asks of the API server; the numbers of {@code docs/cost.md}. */
@ExtendWith(Lab.Shared.class)
class CostIT {

  private static final Logger LOG = LoggerFactory.getLogger(CostIT.class);

  @Test
  void from_the_end_of_the_grace_a_recovery_takes_at_most_12_reads_and_5_writes(Lab lab) {
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
      LOG.info("From the end of the grace: {}", all.since(held));
      LOG.info("The whole story: {}", all.since(idle));
      assertThat(all.since(held).reads()).as(all.since(held).toString()).isLessThanOrEqualTo(12);
      assertThat(all.since(held).writes()).as(all.since(held).toString()).isLessThanOrEqualTo(5);
      assertThat(all.since(idle).reads()).as(all.since(idle).toString()).isLessThanOrEqualTo(24);
    }
  }
}
