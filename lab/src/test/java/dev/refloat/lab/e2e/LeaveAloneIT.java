package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.world.LabStatefulSet;
import io.fabric8.kubernetes.api.model.Event;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What must never happen. */
@ExtendWith(Lab.Shared.class)
class LeaveAloneIT {

  @Test
  @SideBySide
  void a_dry_run_decides_everything_and_writes_nothing_not_even_a_Lease(Lab lab) {
    try (Scene scene = Scene.in(lab, "dry")) {
      scene.running(Scene.optedIn("db"));
      scene.loseNodeOf("db-0");
      scene.world().awaitUnschedulable("db-0");
      FaultProxy proxy = scene.proxy();

      RefloatProcess controller =
          scene.controllerBehind(proxy, "DRY_RUN", "true", "REFLOAT_LEADER_ELECTION", "true");
      scene.awaitMessage(controller, "db-0", "Dry run: would delete the pod");

      assertThat(proxy.recording().of(Requests.writes()).exchanges()).isEmpty();
      scene.assertUntouched("data-db-0");
      assertThat(Scene.messages(controller))
          .contains("Dry run: would set the volume to Retain", "Dry run: would delete the PVC")
          .doesNotContain(
              "Successfully deleted PVC", "Successfully deleted pod", "Cleanup completed");
    }
  }

  @Test
  @SideBySide
  void S01_a_pod_whose_node_is_alive_but_full_is_left_alone_whatever_the_message_says(Lab lab) {
    try (Scene scene = Scene.in(lab, "full")) {
      // GIVEN a pod that is scaled away, its node filled by another, and scaled back
      scene.running(Scene.optedIn("db").cpu("3"));
      String home = scene.world().nodeOf("db-0").orElseThrow();
      scene.scale("db", 0);
      scene.fill(home, "3");
      RefloatProcess controller = scene.controller("REFLOAT_GRACE_NODE_GONE", "0s");

      scene.scale("db", 1);
      var pending = scene.world().awaitUnschedulable("db-0");

      // THEN the scheduler speaks of the affinity, and Refloat of the node that is there
      assertThat(pending.getStatus().getConditions().toString()).contains("node affinity");
      LogLine line = scene.awaitReason(controller, "db-0", "PinnedNodeHealthy");
      assertThat(line.get("why").orElseThrow())
          .contains(scene.world().names().clusterWide(home), "is Ready and takes pods");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
    }
  }

  @Test
  @SideBySide
  void the_last_Event_that_describe_shows_says_what_holds_now(Lab lab) {
    try (Scene scene = Scene.in(lab, "last-event")) {
      Kubectl kubectl = Kubectl.in(lab.controlPlane(), scene.world().namespace());
      // GIVEN a pod that is left alone
      scene.running(Scene.optedIn("db"));
      scene.controller();
      scene.world().cordon(scene.world().nodeOf("db-0").orElseThrow());
      scene.world().deletePod("db-0");
      awaitTold(scene, List.of("StateNotOptedIn"));

      // WHEN it is paused for a while
      kubectl.pause("db", true);
      awaitTold(scene, List.of("StateNotOptedIn", "Paused"));
      kubectl.pause("db", false);
      awaitTold(scene, List.of("StateNotOptedIn", "Paused", "StateNotOptedIn"));

      // THEN a person reads that in this order
      assertThat(kubectl.says("describe", "pod", "db-0").lines())
          .filteredOn(line -> line.contains("refloat.dev/controller"))
          .map(line -> line.strip().split(" +", -1)[1])
          .containsExactly("StateNotOptedIn", "Paused", "StateNotOptedIn");
    }
  }

  /** Returns when these are the reasons of all Events of the controller, in that order. */
  private static void awaitTold(Scene scene, List<String> reasons) {
    Await.seconds(30)
        .until(
            "these to be told: " + reasons,
            () -> scene.events().stream().map(Event::getReason).toList(),
            Predicate.isEqual(reasons));
  }

  @Test
  @SideBySide
  void without_an_opt_in_a_pod_is_never_labelled_and_never_touched(Lab lab) {
    try (Scene scene = Scene.in(lab, "no-opt-in")) {
      // GIVEN two sets on one node, of which one has opted in
      scene.running(Scene.plain("quiet"));
      String node = scene.world().nodeOf("quiet-0").orElseThrow();
      scene.onlyOn(node);
      scene.running(Scene.optedIn("db"));
      scene.everywhere();
      RefloatProcess controller = scene.controller();

      // WHEN the node is lost, and the other one has been refloated
      scene.world().nodeLost(node);
      scene.awaitReadyElsewhere("db-0", node);
      scene.awaitMessage(controller, "db-0", "Cleanup completed");

      // THEN the first one still waits, unlabelled
      var quiet = scene.world().pod("quiet-0").orElseThrow();
      assertThat(quiet.getSpec().getNodeName()).isNull();
      assertThat(quiet.getMetadata().getLabels()).doesNotContainKey("refloat.dev/local-storage");
      assertThat(scene.recorder().claims().uids("data-quiet-0")).hasSize(1);
      assertThat(scene.recorder().pods().all())
          .filteredOn(version -> version.name().equals("quiet-0"))
          .allSatisfy(
              version ->
                  assertThat(version.object().getMetadata().getLabels())
                      .doesNotContainKey("refloat.dev/local-storage"));
    }
  }

  @Test
  @SideBySide
  void S38_a_label_forged_on_a_pod_that_did_not_opt_in_is_no_authority(Lab lab) {
    try (Scene scene = Scene.in(lab, "forged")) {
      scene.running(Scene.plain("db"));
      RefloatProcess controller = scene.controller("REFLOAT_GRACE_NODE_GONE", "0s");
      scene.loseNodeOf("db-0");
      scene.world().awaitUnschedulable("db-0");

      lab.forgeLabel(scene.world().namespace(), "db-0");

      scene.awaitReason(controller, "db-0", "NotOptedIn");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
      assertThat(scene.world().pod("db-0").orElseThrow().getMetadata().getDeletionTimestamp())
          .isNull();
    }
  }

  @Test
  @SideBySide
  void S20_of_two_stranded_replicas_neither_is_given_up(Lab lab) {
    try (Scene scene = Scene.in(lab, "two-lost")) {
      LabStatefulSet set = Scene.optedIn("db").replicas(2).parallel();
      scene.running(set);
      RefloatProcess controller = scene.controller();
      scene.loseNodeOf("db-0");
      scene.world().nodeOf("db-1").ifPresent(node -> scene.world().nodeLost(node));

      scene.awaitReason(controller, "db-0", "SiblingsNotReady");
      scene.awaitReason(controller, "db-1", "SiblingsNotReady");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
      assertThat(scene.recorder().claims().uids("data-db-1")).hasSize(1);
    }
  }

  @Test
  @SideBySide
  void S20_a_sibling_that_still_says_it_is_Ready_on_a_node_that_is_gone_does_not_count(Lab lab) {
    try (Scene scene = Scene.in(lab, "says-ready")) {
      // GIVEN a sibling whose Node object alone is gone, which nobody has noticed yet
      scene.running(Scene.optedIn("db"));
      String home = scene.world().nodeOf("db-0").orElseThrow();
      scene.world().cordon(home);
      scene.scale("db", 2);
      scene.world().awaitReady("db-1");
      scene.everywhere();
      String other = scene.world().nodeOf("db-1").orElseThrow();
      RefloatProcess controller = scene.controller();
      scene.world().nodeObjectLost(other);

      scene.world().nodeLost(home);

      LogLine line = scene.awaitReason(controller, "db-0", "SiblingsNotReady");
      assertThat(Scene.isReady(scene.world().pod("db-1").orElseThrow()))
          .as("db-1 says that it is Ready, and so does its set; Refloat: %s", line)
          .isTrue();
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
    }
  }

  @Test
  @SideBySide
  void S38_a_pod_in_a_namespace_that_is_not_watched_is_left_alone(Lab lab) {
    try (Scene watched = Scene.in(lab, "watched");
        Scene unwatched = Scene.in(lab, "unwatched")) {
      watched.running(Scene.optedIn("db"));
      unwatched.running(Scene.optedIn("db"));
      RefloatProcess controller = watched.controller();
      unwatched.loseNodeOf("db-0");
      unwatched.world().awaitUnschedulable("db-0");

      String lost = watched.loseNodeOf("db-0");
      watched.awaitReadyElsewhere("db-0", lost);

      unwatched.assertUntouched("data-db-0");
      assertThat(controller.log())
          .extracting(line -> line.get("namespace").orElse(""))
          .doesNotContain(unwatched.world().namespace());
    }
  }

  @Test
  @SideBySide
  void S21_the_brake_counts_a_node_that_vanished_without_stranding_anybody(Lab lab) {
    try (Scene scene = Scene.in(lab, "brake")) {
      scene.running(Scene.optedIn("db"));
      String home = scene.world().nodeOf("db-0").orElseThrow();
      RefloatProcess controller = scene.controller("REFLOAT_BRAKE", "1%", "LOG_LEVEL", "debug");
      scene.awaitLookedAround(controller);

      String empty = home.equals("n3") ? "n2" : "n3";
      scene.world().nodeObjectLost(empty);
      scene.world().nodeLost(home);

      LogLine line = scene.awaitReason(controller, "db-0", "BrakeOn");
      assertThat(line.get("why").orElseThrow())
          .contains(scene.world().names().clusterWide(home))
          .contains(scene.world().names().clusterWide(empty))
          .contains("only if the machines are known to be off");
      assertThat(scene.recorder().claims().uids("data-db-0")).hasSize(1);
    }
  }
}
