package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.process.RefloatProcess;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What becomes of the watch when the API server goes away; on a control plane of its own. */
class WatchIT {

  @Test
  void S47_an_API_server_that_crashes_and_comes_back_is_watched_again_without_a_restart() {
    LabSettings settings = LabSettings.fromEnvironment();
    Assumptions.assumeTrue(
        settings.existingCluster().isEmpty(), "nobody crashes the API server of others");
    try (ControlPlane controlPlane = ControlPlane.start(settings, Progress.toStandardError());
        Lab lab = Lab.on(controlPlane);
        Scene scene = Scene.in(lab, "api-server-crash")) {
      OwnControlPlane own = (OwnControlPlane) controlPlane;
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controller();

      own.killApiServer();
      own.startApiServer();
      String lost = scene.loseNodeOf("db-0");
      // The scheduler takes its time to come back; that is not what is tested here.
      scene.world().patience(Duration.ofMinutes(2)).awaitReady("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      assertThat(controller.isAlive()).isTrue();
      assertThat(controller.get("/readyz")).isEqualToIgnoringWhitespace("ok");
    }
  }
}
