package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What is done while Kubernetes' own controllers do nothing; on a control plane of its own. */
class StoppedControllersIT {

  @Test
  void S56_a_claim_that_nobody_makes_again_for_five_seconds_lets_the_pod_go() {
    LabSettings settings = LabSettings.fromEnvironment();
    Assumptions.assumeTrue(
        settings.existingCluster().isEmpty(), "nobody stops the controllers of others");
    try (ControlPlane controlPlane = ControlPlane.start(settings, Progress.toStandardError());
        Lab lab = Lab.on(controlPlane);
        Scene scene = Scene.in(lab, "absent")) {
      OwnControlPlane own = (OwnControlPlane) controlPlane;
      // GIVEN a pod that waits for a node
      scene.running(Scene.optedIn("db"));
      scene.onlyOn("none");
      scene.world().deletePod("db-0");
      String waiting = scene.world().awaitUnschedulable("db-0").getMetadata().getUid();
      RefloatProcess controller = scene.controller();

      // WHEN its claim goes, and nobody makes it again
      own.suspendControllerManager();
      try {
        scene.world().deleteClaim("data-db-0");
        lab.client()
            .persistentVolumeClaims()
            .inNamespace(scene.world().namespace())
            .withName("data-db-0")
            .edit(
                claim ->
                    new PersistentVolumeClaimBuilder(claim)
                        .editMetadata()
                        .withFinalizers(List.of())
                        .endMetadata()
                        .build());
        scene.touch("db-0");

        // THEN the pod is deleted, no proof about any node is needed, and nothing else goes
        var _ = scene.awaitReason(controller, "db-0", "ClaimAbsent");
        scene.awaitMessage(controller, "db-0", "Successfully deleted pod");
        assertThat(Scene.messages(controller)).doesNotContain("Successfully deleted PVC");
      } finally {
        own.resumeControllerManager();
      }

      // AND the set makes both anew
      scene.everywhere();
      assertThat(scene.world().awaitReady("db-0").getMetadata().getUid()).isNotEqualTo(waiting);
      scene.assertRefloatedOnce("data-db-0");
    }
  }
}
