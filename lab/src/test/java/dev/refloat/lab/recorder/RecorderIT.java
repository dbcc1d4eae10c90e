package dev.refloat.lab.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class RecorderIT {

  @BeforeEach
  void oneReplicaOnTwoNodes(World world) {
    world
        .add(LabNode.named("a"), LabNode.named("b"))
        .add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE))
        .add(LabStatefulSet.named("db").claim("data", "fast"));
    world.awaitReady("db-0");
  }

  @Test
  void
      states_that_the_volume_was_retained_before_its_claim_was_deleted_and_the_claim_made_anew_once(
          ControlPlane controlPlane, World world) {
    String volume = world.volumeOf("data-db-0").orElseThrow().getMetadata().getName();
    try (Recorder recorder = Recorder.of(controlPlane.client(), world)) {
      world.nodeLost(world.nodeOf("db-0").orElseThrow());
      world.awaitUnschedulable("db-0");
      retain(controlPlane, volume);
      world.deleteClaim("data-db-0");
      world.awaitReady("db-0");
      recorder.mark();

      Version<PersistentVolumeClaim> deleted =
          recorder.claims().firstDeleting("data-db-0").orElseThrow();
      assertThat(recorder.volumes().lastBefore(volume, deleted))
          .map(version -> version.object().getSpec().getPersistentVolumeReclaimPolicy())
          .contains("Retain");
      assertThat(recorder.volumes().first(volume, RecorderIT::isDelete)).isPresent();
      assertThat(recorder.claims().uids("data-db-0")).hasSize(2);
      assertThat(recorder.timeline())
          .isSortedAccordingTo((a, b) -> Long.compare(a.revision(), b.revision()));
    }
  }

  @Test
  void states_that_nothing_was_written_between_two_marks(ControlPlane controlPlane, World world) {
    String volume = world.volumeOf("data-db-0").orElseThrow().getMetadata().getName();
    try (Recorder recorder = Recorder.of(controlPlane.client(), world)) {
      Mark before = recorder.mark();
      retain(controlPlane, volume);
      Mark after = recorder.mark();
      Mark later = recorder.mark();

      assertThat(recorder.volumes().between(before, after))
          .singleElement()
          .satisfies(version -> assertThat(version.name()).isEqualTo(volume));
      assertThat(recorder.volumes().between(after, later)).isEmpty();
      assertThat(recorder.claims().between(before, later)).isEmpty();
    }
  }

  @Test
  void what_came_and_went_between_two_marks_is_seen(ControlPlane controlPlane, World world) {
    try (Recorder recorder = Recorder.of(controlPlane.client(), world)) {
      Mark before = recorder.mark();
      String first = world.pod("db-0").orElseThrow().getMetadata().getUid();
      world.deletePod("db-0");
      world.awaitPod("db-0", "is another one", pod -> !pod.getMetadata().getUid().equals(first));
      world.awaitReady("db-0");
      Mark after = recorder.mark();

      assertThat(recorder.pods().between(before, after))
          .extracting(Version::change)
          .contains(Change.ADDED, Change.MODIFIED, Change.DELETED);
      assertThat(recorder.pods().uids("db-0")).startsWith(first).hasSize(2);
    }
  }

  private static boolean isDelete(PersistentVolume volume) {
    return "Delete".equals(volume.getSpec().getPersistentVolumeReclaimPolicy());
  }

  private static void retain(ControlPlane controlPlane, String volume) {
    controlPlane
        .client()
        .persistentVolumes()
        .withName(volume)
        .edit(
            found ->
                new PersistentVolumeBuilder(found)
                    .editSpec()
                    .withPersistentVolumeReclaimPolicy("Retain")
                    .endSpec()
                    .build());
  }
}
