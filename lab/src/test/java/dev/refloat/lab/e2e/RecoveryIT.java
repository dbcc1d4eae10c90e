package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Version;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategy;
import io.fabric8.kubernetes.api.model.apps.StatefulSetUpdateStrategyBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(Lab.Shared.class)
class RecoveryIT {

  @Test
  @SideBySide
  void S44_keep_sets_the_volume_to_Retain_before_its_claim_goes_and_touches_nothing_else(Lab lab) {
    try (Scene scene = Scene.in(lab, "keep")) {
      // GIVEN a set of three, whose middle pod loses its node
      scene.running(Scene.optedIn("db").replicas(3));
      RefloatProcess controller = scene.controller();
      PersistentVolume volume = scene.world().volumeOf("data-db-1").orElseThrow();
      String claimUid = scene.claimUid("data-db-1");
      String lost = scene.loseNodeOf("db-1");

      // WHEN it is refloated
      scene.awaitReadyElsewhere("db-1", lost);
      scene.awaitMessage(controller, "db-1", "Cleanup completed");
      var _ = scene.recorder().mark();

      // THEN the volume was Retain, and said whose data it holds, before its claim went
      Version<PersistentVolumeClaim> goes =
          scene.recorder().claims().firstDeleting("data-db-1").orElseThrow();
      assertThat(goes.uid()).isEqualTo(claimUid);
      Version<PersistentVolume> kept =
          scene.recorder().volumes().lastBefore(volume.getMetadata().getName(), goes).orElseThrow();
      assertThat(kept.object().getSpec().getPersistentVolumeReclaimPolicy()).isEqualTo("Retain");
      assertThat(kept.object().getMetadata().getAnnotations())
          .containsEntry("refloat.dev/reclaim-policy-was", "Delete")
          .hasEntrySatisfying(
              "refloat.dev/kept",
              owner ->
                  assertThat(owner)
                      .contains(scene.world().namespace(), "data-db-1", claimUid, "\"ordinal\":1"));
      // AND it is still there
      assertThat(scene.world().volumeInCluster(volume.getMetadata().getName())).isPresent();
      // AND the claim was made anew exactly once, and says which recovery did it
      assertThat(scene.recorder().claims().uids("data-db-1")).hasSize(2);
      assertThat(scene.world().claim("data-db-1").orElseThrow().getMetadata().getAnnotations())
          .containsEntry("refloat.dev/attempt", "1");
      // AND the siblings were never touched
      for (String sibling : List.of("db-0", "db-2")) {
        assertThat(scene.recorder().claims().uids("data-" + sibling)).hasSize(1);
        assertThat(scene.recorder().pods().uids(sibling)).hasSize(1);
      }
      // AND the log tells it in the phrases that operators grep for, in this order
      assertThat(Scene.messages(controller))
          .containsSubsequence(
              "Holding a stranded pod",
              "Refloating a stranded pod",
              "Volume is set to Retain, its data stays on the disk",
              "Successfully deleted PVC",
              "Cleanup completed");
    }
  }

  @Test
  @SideBySide
  void everything_is_told_in_Events_of_the_objects_that_it_is_about(Lab lab) {
    try (Scene scene = Scene.in(lab, "told")) {
      scene.running(Scene.optedIn("db"));
      RefloatProcess controller = scene.controller();
      scene.loseNodeOf("db-0");

      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      scene.awaitTold(
          "GracePeriod Pod db-0",
          "Recover Pod db-0",
          "ClaimDeleted PersistentVolumeClaim data-db-0",
          "ClaimDeleted StatefulSet db",
          "Refloated Pod db-0",
          "Refloated StatefulSet db");
    }
  }

  @Test
  @SideBySide
  void discard_never_modifies_the_volume(Lab lab) {
    try (Scene scene = Scene.in(lab, "discard")) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/data", "discard"));
      RefloatProcess controller = scene.controller();
      String volume = scene.world().volumeOf("data-db-0").orElseThrow().getMetadata().getName();
      String lost = scene.loseNodeOf("db-0");

      scene.awaitReadyElsewhere("db-0", lost);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");
      var _ = scene.recorder().mark();

      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(2);
      assertThat(scene.recorder().volumes().of(volume))
          .isNotEmpty()
          .allSatisfy(
              version -> {
                assertThat(version.object().getSpec().getPersistentVolumeReclaimPolicy())
                    .isEqualTo("Delete");
                assertThat(version.object().getMetadata().getAnnotations().keySet())
                    .noneMatch(key -> key.startsWith("refloat.dev/"));
              });
    }
  }

  @Test
  @SideBySide
  void S41_killed_after_the_claim_was_deleted_the_next_start_finishes_and_nothing_is_done_twice(
      Lab lab) {
    try (Scene scene = Scene.in(lab, "killed")) {
      scene.running(Scene.optedIn("db"));
      RefloatProcess first = scene.controller();
      String lost = scene.loseNodeOf("db-0");

      scene.awaitClaimDeleted("data-db-0");
      first.kill();
      scene.controller();

      scene.awaitReadyElsewhere("db-0", lost);
      var _ = scene.recorder().mark();
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(2);
      assertThat(scene.recorder().pods().uids("db-0").size())
          .as("the first pod, the one that lost its node, and at most one more")
          .isLessThanOrEqualTo(3);
    }
  }

  @Test
  @SideBySide
  void S10_a_node_that_comes_back_within_its_grace_keeps_its_pod_and_its_claim(Lab lab) {
    try (Scene scene = Scene.in(lab, "returns")) {
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "1h"));
      RefloatProcess controller = scene.controller();
      String lost = scene.loseNodeOf("db-0");
      scene.awaitReason(controller, "db-0", "GracePeriod");

      scene.world().nodeReturns(lost);

      scene.world().awaitReady("db-0");
      assertThat(scene.world().nodeOf("db-0")).contains(lost);
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
      assertThat(Scene.messages(controller))
          .doesNotContain("Refloating a stranded pod", "Successfully deleted PVC");
    }
  }

  /** A pod below the partition is made anew as it was. */
  static Stream<Arguments> strategies() {
    return Stream.of(
        argumentSet(
            "OnDelete", new StatefulSetUpdateStrategyBuilder().withType("OnDelete").build()),
        argumentSet(
            "a partition",
            new StatefulSetUpdateStrategyBuilder()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withPartition(1)
                .endRollingUpdate()
                .build()));
  }

  @ParameterizedTest
  @SideBySide
  @MethodSource("strategies")
  void S50_the_event_says_that_a_revision_applies_that_was_waiting_for_the_pods_end(
      StatefulSetUpdateStrategy strategy, Lab lab) {
    try (Scene scene = Scene.in(lab, "revision")) {
      // GIVEN a stranded pod, and a new template that does not roll out by itself
      scene.running(Scene.optedIn("db").annotation("refloat.dev/after", "8s"));
      RefloatProcess controller = scene.controller();
      scene.loseNodeOf("db-0");
      scene.awaitReason(controller, "db-0", "GracePeriod");
      String old = revisionOf(scene.world().pod("db-0").orElseThrow());
      var _ =
          lab.client()
              .apps()
              .statefulSets()
              .inNamespace(scene.world().namespace())
              .withName("db")
              .edit(
                  set ->
                      new StatefulSetBuilder(set)
                          .editSpec()
                          .withUpdateStrategy(strategy)
                          .editTemplate()
                          .editMetadata()
                          .addToAnnotations("example.com/newer", "yes")
                          .endMetadata()
                          .endTemplate()
                          .endSpec()
                          .build());

      // WHEN it is refloated
      scene.awaitMessage(controller, "db-0", "Cleanup completed");

      // THEN the Event says what the pod itself says: it is made anew, unless it was bound before
      String now = revisionOf(scene.world().pod("db-0").orElseThrow());
      String note =
          Await.seconds(10)
              .until(
                  "the Event Refloated",
                  () ->
                      scene.events().stream()
                          .filter(event -> "Refloated".equals(event.getReason()))
                          .map(event -> event.getMessage())
                          .findFirst(),
                  Optional::isPresent)
              .orElseThrow();
      assertThat(note.contains("another revision of the template"))
          .as(note)
          .isEqualTo(!now.equals(old));
      if (strategy.getRollingUpdate() != null) {
        assertThat(now).isEqualTo(old);
      }
    }
  }

  private static String revisionOf(Pod pod) {
    return pod.getMetadata().getLabels().getOrDefault("controller-revision-hash", "");
  }
}
