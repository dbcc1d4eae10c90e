package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A watch of pods whose connection stays open and tells nothing any more. */
@InTheBackground
@ExtendWith(Lab.Shared.class)
class SilentWatchIT {

  private static final String CONFIRMED = "refloat_watch_confirmed_timestamp_seconds";

  /** A watchdog looks now and then, so it takes longer than a watch. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Test
  void S48_a_pod_that_is_stranded_while_the_watch_is_silent_is_found_all_the_same(Lab lab) {
    try (Scene scene = Scene.in(lab, "silent")) {
      FaultProxy proxy = scene.proxy();
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controllerBehind(proxy);
      double confirmed = controller.metric(CONFIRMED);
      assertThat(proxy.block(Requests.watch("pods"))).isOne();

      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost, PATIENCE);
      scene.assertRefloatedOnce("data-db-0");
      // Opened anew, but no list has agreed with it since.
      assertThat(controller.metric(CONFIRMED)).isEqualTo(confirmed);
    }
  }
}
