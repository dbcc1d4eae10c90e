package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a process that was killed between two writes left behind, and no stranded pod tells of. */
@ExtendWith(Lab.Shared.class)
class AftermathIT {

  @Test
  void S42_a_running_pods_claim_that_is_being_deleted_is_told_of_everywhere_and_not_touched(
      Lab lab) {
    try (Scene scene = Scene.in(lab, "doomed")) {
      // GIVEN a volume that was kept, and a claim that was deleted, when the node came back
      scene.running(Scene.optedIn("db"));
      String claimUid = scene.claimUid("data-db-0");
      String podUid = scene.world().pod("db-0").orElseThrow().getMetadata().getUid();
      keptByAProcessThatIsDead(lab, scene, claimUid);
      scene.world().deleteClaim("data-db-0");

      // WHEN the next process starts
      RefloatProcess controller = scene.controller();

      // THEN it says so in the log, with the remedy, in three Events and in a metric
      LogLine line = scene.awaitReason(controller, "db-0", "ClaimDoomed");
      assertThat(line.get("why").orElseThrow())
          .contains("data-db-0 is being deleted", "back the data up now", "set to Retain");
      scene.awaitTold(
          "ClaimDoomed Pod db-0",
          "ClaimDoomed PersistentVolumeClaim data-db-0",
          "ClaimDoomed StatefulSet db");
      assertThat(controller.get("/metrics"))
          .contains("refloat_claims_doomed 1.0", "refloat_claims_found_doomed_total 1.0");
      // AND the pod was never touched, and the volume stays as it was kept
      var _ = scene.recorder().mark();
      assertThat(scene.recorder().pods().uids("db-0")).containsExactly(podUid);
      assertThat(policyOf(scene)).isEqualTo("Retain");
    }
  }

  @Test
  void S58_a_volume_that_was_kept_by_a_process_that_died_at_once_is_set_back(Lab lab) {
    try (Scene scene = Scene.in(lab, "set-back")) {
      scene.running(Scene.optedIn("db"));
      keptByAProcessThatIsDead(lab, scene, scene.claimUid("data-db-0"));

      RefloatProcess controller = scene.controller();

      LogLine stays =
          scene.awaitMessage(
              controller, "db-0", "Claim is marked to stay, no delete on its way is good for it");
      assertThat(stays.get("by")).contains(Scene.instance(controller));
      LogLine setBack =
          scene.awaitMessage(controller, "db-0", "Volume is set back, its claim stays");
      assertThat(setBack.get("by")).contains(Scene.instance(controller));
      PersistentVolume volume = scene.world().volumeOf("data-db-0").orElseThrow();
      assertThat(volume.getSpec().getPersistentVolumeReclaimPolicy()).isEqualTo("Delete");
      assertThat(volume.getMetadata().getAnnotations().keySet())
          .noneMatch(key -> key.startsWith("refloat.dev/"));
    }
  }

  @Test
  void S58_a_volume_that_was_kept_for_another_claim_is_somebodys_data_and_stays(Lab lab) {
    try (Scene scene = Scene.in(lab, "anothers")) {
      scene.running(Scene.optedIn("db"));
      keptByAProcessThatIsDead(lab, scene, "00000000-0000-0000-0000-000000000000");
      scene.running(Scene.optedIn("log"));
      keptByAProcessThatIsDead(lab, scene, "log", scene.claimUid("data-log-0"));

      RefloatProcess controller = scene.controller();

      // The one beside it is set back by the same search.
      scene.awaitMessage(controller, "log-0", "Volume is set back, its claim stays");
      assertThat(policyOf(scene)).isEqualTo("Retain");
    }
  }

  private static void keptByAProcessThatIsDead(Lab lab, Scene scene, String claimUid) {
    keptByAProcessThatIsDead(lab, scene, "db", claimUid);
  }

  private static void keptByAProcessThatIsDead(Lab lab, Scene scene, String set, String claimUid) {
    String claim = "data-" + set + "-0";
    String kept =
        "{\"namespace\":\"%s\",\"claim\":\"%s\",\"claimUid\":\"%s\",\"statefulSet\":\"%s\",\"ordinal\":0,\"time\":\"2026-11-23T10:00:00Z\"}"
            .formatted(scene.world().namespace(), claim, claimUid, set);
    lab.client()
        .persistentVolumes()
        .withName(scene.world().volumeOf(claim).orElseThrow().getMetadata().getName())
        .edit(
            volume ->
                new PersistentVolumeBuilder(volume)
                    .editMetadata()
                    .addToAnnotations("refloat.dev/kept", kept)
                    .addToAnnotations("refloat.dev/reclaim-policy-was", "Delete")
                    .endMetadata()
                    .editSpec()
                    .withPersistentVolumeReclaimPolicy("Retain")
                    .endSpec()
                    .build());
  }

  private static String policyOf(Scene scene) {
    return scene
        .world()
        .volumeOf("data-db-0")
        .orElseThrow()
        .getSpec()
        .getPersistentVolumeReclaimPolicy();
  }
}
