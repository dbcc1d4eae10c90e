package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.faults.Rule;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An API server so slow that what it says is old news. */
@ExtendWith(Lab.Shared.class)
class StaleFactsIT {

  @Test
  @SideBySide
  void S51_facts_that_have_grown_old_in_one_survey_are_read_once_more_before_anything_is_written(
      Lab lab) {
    try (Scene scene = Scene.in(lab, "slow")) {
      // GIVEN one answer that takes seven seconds, when the grace is over
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "5s"));
      RefloatProcess controller = scene.controllerBehind(proxy);
      String lost = scene.loseNodeOf("db-0");
      scene.awaitReason(controller, "db-0", "GracePeriod");
      Rule late =
          proxy.once(Requests.get("statefulsets"), new Fault.LateAnswer(Duration.ofSeconds(7)));

      // WHEN it has convicted on what it read before that answer came
      scene.awaitReadyElsewhere("db-0", lost);

      // THEN it has read everything again, and needed no further look
      assertThat(late.done()).isOne();
      scene.assertRefloatedOnce("data-db-0");
      assertThat(Scene.messages(controller)).doesNotContain("Abandoned a recovery, looking again");
    }
  }

  @Test
  @SideBySide
  void S51_what_was_read_too_long_ago_convicts_nobody(Lab lab) {
    try (Scene scene = Scene.in(lab, "stale")) {
      // GIVEN a list of pods that is seven seconds old when it comes, which is not too late
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controllerBehind(proxy);
      Rule late = proxy.always(Requests.list("pods"), new Fault.LateAnswer(Duration.ofSeconds(7)));
      String lost = scene.loseNodeOf("db-0");

      // WHEN it decides upon it
      scene.awaitMessage(controller, "db-0", "Abandoned a recovery, looking again");

      // THEN no claim was deleted, and the pod is recovered once answers are fresh
      assertThat(proxy.recording().of(Requests.delete("persistentvolumeclaims")).count()).isZero();
      late.lift();
      scene.touch("db-0");
      scene.awaitReadyElsewhere("db-0", lost);
      scene.assertRefloatedOnce("data-db-0");
    }
  }
}
