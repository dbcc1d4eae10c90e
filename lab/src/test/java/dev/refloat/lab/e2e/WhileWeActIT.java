package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabVolume;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * While we act. S40, S42, S47 and S48 need faults between the processes and the API server; S41 is
 * in {@link RecoveryIT}, S45 in {@link NowhereToGoIT}.
 */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhileWeActIT {

  private static final String AFTER = "refloat.dev/after";

  private final Lab lab;
  private final Harbour harbour;

  WhileWeActIT(Lab lab) {
    this.lab = lab;
    harbour = Harbour.open(lab, "act");
  }

  @AfterAll
  void close() {
    harbour.close();
  }

  @Test
  @SideBySide
  void S43_a_foreign_finalizer_holds_before_anything_is_deleted() {
    Berth berth = harbour.berth("s43");
    berth.running(berth.set());
    berth.finalizers(berth.claim(), "kubernetes.io/pvc-protection", "backup.invalid/hold");

    berth.loseHome();

    assertThat(Berth.why(berth.awaitReason("ForeignFinalizer"))).contains("backup.invalid/hold");
    assertThat(harbour.scene().recorder().claims().firstDeleting(berth.claim())).isEmpty();
    berth.finalizers(berth.claim(), "kubernetes.io/pvc-protection");
    berth.isRefloated();
  }

  @Test
  @SideBySide
  void S43_a_finalizer_that_stays_after_the_delete_is_waited_for_and_named_and_never_stripped() {
    // GIVEN a claim whose own driver has a say in its end, and is not there
    Berth berth = harbour.berth("s43d");
    berth.volumesByHand(
        berth
            .volume(new LabVolume.Source.Csi("topolvm.io"), "disk")
            .onlyWhere("kubernetes.io/hostname", berth.inCluster(berth.home())),
        berth.disk("spare", berth.refuge()));
    berth.running(berth.setOfOwnClass("data"));
    berth.finalizers(berth.claim(), "topolvm.io/pvc");

    berth.loseHome();

    // THEN the claim goes no further, and the pod stays
    LogLine line = berth.awaitReason("ClaimTerminating");
    assertThat(Berth.why(line)).contains("topolvm.io/pvc");
    berth.awaitMessage(berth.pod(), "Claim is being deleted but a finalizer holds it");
    assertThat(berth.world().claim(berth.claim()).orElseThrow().getMetadata().getFinalizers())
        .contains("topolvm.io/pvc");
    assertThat(berth.messages(berth.pod())).doesNotContain("Successfully deleted pod");

    // WHEN the driver lets go
    berth.finalizers(berth.claim());
    assertThat(berth.world().awaitReady(berth.pod()).getSpec().getNodeName())
        .isEqualTo(berth.inCluster(berth.refuge()));
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(2);
  }

  @Test
  @SideBySide
  void S46_a_second_loss_of_the_same_ordinal_is_held_until_a_person_removes_the_mark() {
    Berth berth = harbour.berth("s46");
    berth.running(berth.set());
    berth.loseHome();
    berth.isRefloated();
    LogLine first = berth.awaitMessage(berth.pod(), "Cleanup completed");
    berth.world().add(berth.node("s46-third"));

    berth.world().nodeLost(berth.refuge());

    LogLine held = berth.awaitReasonAfter(first, "Cooldown");
    assertThat(Berth.why(held))
        .contains("skipping to avoid loop", "recovery 1", "refloat.dev/attempt-`");
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(2);
    berth.clearLoopGuard(berth.claim());
    assertThat(berth.world().awaitReady(berth.pod()).getSpec().getNodeName())
        .isEqualTo(berth.inCluster("s46-third"));
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(3);
  }

  @Test
  @SideBySide
  void S46_a_restart_changes_nothing_because_the_guard_is_in_the_cluster() {
    try (Scene scene = Scene.in(lab, "restart")) {
      scene.running(Scene.optedIn("db"));
      RefloatProcess first = scene.controller();
      String lost = scene.loseNodeOf("db-0");
      scene.awaitMessage(first, "db-0", "Cleanup completed");
      scene.awaitReadyElsewhere("db-0", lost);
      assertThat(first.terminate()).isZero();

      RefloatProcess second = scene.controller();
      scene.loseNodeOf("db-0");

      LogLine held = scene.awaitReason(second, "db-0", "Cooldown");
      assertThat(Berth.why(held)).contains("skipping to avoid loop", "recovery 1");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(2);
    }
  }

  @Test
  @SideBySide
  void S51_a_controller_that_was_paused_starts_every_grace_anew() throws Exception {
    Duration grace = Duration.ofSeconds(8);
    try (Harbour paused = Harbour.open(lab, "paused")) {
      Berth berth = paused.berth("s51");
      berth.running(berth.set().annotation(AFTER, grace.toSeconds() + "s"));
      berth.loseHome();
      LogLine first = berth.awaitReason("GracePeriod");

      // WHEN nobody looks for longer than the rest of the grace
      signal("STOP", paused.controller());
      Instant wakes = Instant.now().plus(grace);
      Await.within(grace.multipliedBy(2))
          .until("the grace is over by the clock", () -> Instant.now().isAfter(wakes));
      Instant woken = Instant.now();
      signal("CONT", paused.controller());

      // THEN it begins anew, and is not over before its time
      paused
          .controller()
          .awaitLine(
              "says that it was paused",
              line ->
                  line.message()
                      .equals(
                          "The process was paused or the clock was set, all grace periods start anew"),
              Duration.ofSeconds(20));
      berth.awaitReasonAfter(first, "GracePeriod");
      berth.isRefloated();
      assertThat(
              paused
                  .scene()
                  .recorder()
                  .claims()
                  .firstDeleting(berth.claim())
                  .orElseThrow()
                  .receivedAt())
          .isAfter(woken.plus(grace));
    }
  }

  private static void signal(String name, RefloatProcess process)
      throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.handle().pid()))
            .inheritIO()
            .start()
            .waitFor();
    assertThat(exit).as("exit code of kill -%s", name).isZero();
  }

  @Test
  @SideBySide
  void S52_of_several_sets_that_lose_one_node_each_claim_is_made_anew_exactly_once() {
    Berth berth = harbour.berth("s52");
    List<String> sets = IntStream.range(0, 6).mapToObj(number -> "s52n" + number).toList();
    berth.running(sets.stream().map(berth::set).toArray(LabStatefulSet[]::new));

    berth.loseHome();

    for (String set : sets) {
      berth.isRefloated(set + "-0", "data-" + set + "-0");
    }
    var _ = harbour.scene().recorder().mark();
    for (String set : sets) {
      assertThat(harbour.scene().recorder().claims().uids("data-" + set + "-0")).hasSize(2);
      assertThat(berth.messages(set + "-0")).containsOnlyOnce("Successfully deleted PVC");
    }
  }

  @Test
  @SideBySide
  void S53_a_node_that_was_back_before_the_controller_started_is_of_the_past() {
    try (Scene scene = Scene.in(lab, "past")) {
      scene.onlyOn("n1");
      scene.running(Scene.optedIn("db").annotation(AFTER, "0s"));
      scene.onlyOn("n2");
      scene.world().uncordon("n2");
      scene.running(Scene.optedIn("later"));
      scene.world().nodeLost("n1");
      scene.world().awaitUnschedulable("db-0");
      scene.world().nodeReturns("n1");
      scene.world().awaitReady("db-0");
      scene.everywhere();

      RefloatProcess controller = scene.controller();
      scene.world().nodeLost("n2");

      scene.awaitMessage(controller, "later-0", "Cleanup completed");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
      assertThat(scene.world().nodeOf("db-0")).contains("n1");
    }
  }

  @Test
  @SideBySide
  void S54_an_opt_in_that_was_changed_while_the_pod_is_stuck_is_not_acted_on() {
    Berth berth = harbour.berth("s54");
    berth.running(berth.set().annotation("refloat.dev/data", "discard").annotation(AFTER, "5s"));
    berth.loseHome();
    berth.awaitReason("GracePeriod");

    berth.edit(
        set ->
            new StatefulSetBuilder(set)
                .editSpec()
                .editTemplate()
                .editMetadata()
                .addToAnnotations("refloat.dev/data", "keep")
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build());

    LogLine line = berth.awaitReason("PolicyDiffers");
    assertThat(Berth.why(line)).containsIgnoringCase("discard").containsIgnoringCase("keep");
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S05_S55_a_claim_whose_node_died_while_it_was_being_provisioned_is_given_up() {
    Berth berth = harbour.berth("s55").addHome();
    berth.world().stopProvisioner(berth.home());
    berth.world().add(berth.set());
    Await.seconds(20)
        .until(
            "the claim waits for its node to make it",
            () ->
                berth
                    .world()
                    .claim(berth.claim())
                    .map(claim -> claim.getMetadata().getAnnotations())
                    .filter(all -> all.containsKey("volume.kubernetes.io/selected-node"))
                    .isPresent());

    if (berth.isKubernetesSince(35)) {
      berth.awaitReason("Nominated");
    }

    berth.world().nodeObjectLost(berth.home());
    berth.addRefuge();

    // The nomination is for a node that is gone: nobody waits for it.
    berth.isRefloated();
    assertThat(Berth.why(berth.awaitReason("Recover"))).contains("which was chosen for it");
    assertThat(berth.messages(berth.pod()))
        .doesNotContain("Volume is set to Retain, its data stays on the disk");
  }

  @Test
  @SideBySide
  void S56_a_claim_that_a_person_deleted_is_made_anew_and_none_is_deleted_by_us() {
    Berth berth = harbour.berth("s56");
    berth.running(berth.set().annotation(AFTER, "1h"));
    berth.loseHome();
    berth.awaitReason("GracePeriod");

    berth.world().deleteClaim(berth.claim());

    assertThat(berth.world().awaitReady(berth.pod()).getSpec().getNodeName())
        .isEqualTo(berth.inCluster(berth.refuge()));
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(2);
    assertThat(berth.messages(berth.pod()))
        .doesNotContain("Successfully deleted PVC", "Successfully deleted pod");
  }

  @Test
  @SideBySide
  void S41_S56_of_two_lost_claims_the_second_goes_when_the_first_was_made_anew_already() {
    // GIVEN what a pass leaves that ended between the deletes of two claims
    Berth berth = harbour.berth("s41");
    berth.running(berth.set().claim("wal", "fast").annotation(AFTER, "3s"));
    berth.loseHome();
    berth.awaitReason("GracePeriod");
    berth.world().deleteClaim(berth.claim());

    // THEN the other one goes, and the fresh one stays
    berth.isRefloated(berth.pod(), "wal-s41-0");
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(2);
  }
}
