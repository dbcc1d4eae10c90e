package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabStatefulSet;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What becomes of the watch when the API server goes away; on a control plane of its own. */
class WatchIT {

  /** Their pauses between two attempts grow up to half a minute. */
  private static final Duration OTHERS_ARE_BACK_WITHIN = Duration.ofMinutes(2);

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
      awaitOthersAreBack(scene);
      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      assertThat(controller.isAlive()).isTrue();
      assertThat(controller.get("/readyz")).isEqualToIgnoringWhitespace("ok");
    }
  }

  /**
   * Returns when Kubernetes' own controllers and its scheduler watch again; that they do is not
   * what is tested here. A scheduler that finds a pod of another UID under the name of one that it
   * knew, because it missed the end of the first, <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/backend/cache/cache.go">ends
   * itself</a> and leaves it to its kubelet to start it again. The lab has no such kubelet.
   */
  private static void awaitOthersAreBack(Scene scene) {
    LabStatefulSet another = Scene.plain("another");
    scene.world().add(another).patience(OTHERS_ARE_BACK_WITHIN).awaitReady("another-0");
  }
}
