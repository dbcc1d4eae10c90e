package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.recorder.Version;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Too much at once. S21 and more of S20 are in {@link LeaveAloneIT}. */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TooMuchAtOnceIT {

  private static final String MIN_READY = "refloat.dev/min-ready";

  private final Lab lab;
  private final Harbour harbour;

  TooMuchAtOnceIT(Lab lab) {
    this.lab = lab;
    harbour = Harbour.open(lab, "at-once");
  }

  @AfterAll
  void close() {
    harbour.close();
  }

  /** With {@code OrderedReady} the second is not even made before the first is Ready. */
  @ParameterizedTest
  @SideBySide
  @ValueSource(strings = {"Parallel", "OrderedReady"})
  void S20_S22_of_two_stranded_replicas_that_min_ready_lets_go_the_lowest_is_first_and_alone(
      String management) {
    // GIVEN three replicas, of which two are on one node
    boolean parallel = management.equals("Parallel");
    Berth berth = harbour.berth(parallel ? "s22" : "s22r");
    String name = berth.name();
    berth.world().add(berth.node(berth.home()).cpu("5"), berth.node(name + "-other").cpu("3"));
    LabStatefulSet set = berth.set().replicas(3).cpu("2").annotation(MIN_READY, "1");
    harbour.scene().running(parallel ? set.parallel() : set);
    List<String> lost =
        Stream.of(name + "-0", name + "-1", name + "-2")
            .filter(pod -> berth.world().nodeOf(pod).orElseThrow().equals(berth.home()))
            .toList();
    assertThat(lost).hasSize(2);
    berth.world().add(berth.node(berth.refuge()).cpu("8"));

    // WHEN that node is lost
    berth.loseHome();

    // THEN the second waits until the first runs
    berth.isRefloated(lost.getFirst(), "data-" + lost.getFirst());
    berth.isRefloated(lost.getLast(), "data-" + lost.getLast());
    Version<PersistentVolumeClaim> second =
        harbour.scene().recorder().claims().firstDeleting("data-" + lost.getLast()).orElseThrow();
    Pod first =
        harbour
            .scene()
            .recorder()
            .pods()
            .lastBefore(lost.getFirst(), second)
            .orElseThrow()
            .object();
    assertThat(first.getSpec().getNodeName()).isEqualTo(berth.inCluster(berth.refuge()));
  }

  @Test
  @SideBySide
  void S22_siblings_that_wait_for_this_pod_are_not_waited_for_in_silence() {
    // GIVEN three replicas, one after the other, all on one node
    Berth berth = harbour.berth("s22o");
    berth.running(berth.set().replicas(3));
    berth.loseHome();

    LogLine line = berth.awaitReason("SiblingsWaitForThisPod");
    assertThat(Berth.why(line)).contains("does not end by itself", "refloat.dev/min-ready: \"0\"");
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(1);

    // WHEN a person does what it says
    berth.edit(
        set ->
            new StatefulSetBuilder(set)
                .editSpec()
                .editTemplate()
                .editMetadata()
                .addToAnnotations(MIN_READY, "0")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build());
    assertThat(Berth.why(berth.awaitReason("PolicyDiffers"))).contains("delete the pod");
    berth.world().deletePod(berth.pod());

    // THEN it goes on
    berth.isRefloated();
    berth.isRefloated("s22o-1", "data-s22o-1");
    berth.isRefloated("s22o-2", "data-s22o-2");
  }

  @Test
  @SideBySide
  void
      S23_with_one_place_and_one_a_minute_the_second_waits_for_its_place_and_then_for_its_minute() {
    try (Harbour narrow =
        Harbour.open(
            lab, "narrow", "REFLOAT_MAX_CONCURRENT", "1", "REFLOAT_RECOVERIES_PER_MINUTE", "1")) {
      // GIVEN a recovery whose claim is held by its own driver
      Berth held = narrow.berth("s23");
      held.volumesByHand(
          held.volume(new LabVolume.Source.Csi("topolvm.io"), "disk")
              .onlyWhere("kubernetes.io/hostname", held.inCluster(held.home())),
          held.disk("spare", held.refuge()));
      held.running(
          held.here(
              LabStatefulSet.named("s23")
                  .claim("data", "s23")
                  .annotation("refloat.dev/recover", "true")
                  .annotation("refloat.dev/after", "0s")));
      held.finalizers(held.claim(), "topolvm.io/pvc");
      Berth next = narrow.berth("s23next");
      next.running(next.set().annotation("refloat.dev/after", "0s"));
      held.loseHome();
      held.awaitMessage(held.pod(), "Successfully deleted PVC");

      // WHEN another set is stranded meanwhile
      next.loseHome();

      // THEN it waits for the place, and then for its turn
      LogLine waits = next.awaitReason("TooManyAtOnce");
      assertThat(Berth.why(waits))
          .contains("1 recovery is under way or about to begin, at most 1 at once");
      held.finalizers(held.claim());
      held.awaitMessage(held.pod(), "Cleanup completed");
      next.awaitReasonAfter(waits, "RateLimited");
      next.leavesAlone();
    }
  }
}
