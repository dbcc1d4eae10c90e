package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * S45: a claim is not given up while nothing else could take the pod. What Refloat says is
 * impossible the scheduler says as well, of a pod that has nothing to lose; and as soon as it is
 * possible both know.
 */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NowhereToGoIT {

  private final Harbour harbour;

  NowhereToGoIT(Lab lab) {
    harbour = Harbour.open(lab, "nowhere");
  }

  @AfterAll
  void close() {
    harbour.close();
  }

  @Test
  @SideBySide
  void S45_without_a_free_volume_there_is_nowhere_to_go_until_somebody_makes_one() {
    Berth berth = harbour.berth("s45");
    berth.volumesByHand(berth.disk("disk", berth.home()));
    berth.running(berth.setOfOwnClass("data"));
    berth.loseHome();

    isNowhereToGo(berth, "no free volume for data-s45-0", "add a node or a volume");

    berth.world().add(berth.disk("spare", berth.refuge()));
    berth.isRefloated();
  }

  @Test
  @SideBySide
  void S45_a_class_that_binds_at_once_is_held_while_a_free_volume_lies_on_the_lost_node() {
    Berth berth = harbour.berth("s45i");
    berth.world().add(new LabStorageClass.Immediate("s45i"));
    berth.world().add(berth.disk("disk", berth.home()));
    berth.running(berth.setOfOwnClass("data"));
    berth.world().add(berth.disk("left", berth.home()), berth.disk("spare", berth.refuge()));
    berth.loseHome();

    assertThat(Berth.why(berth.awaitReason("FreeVolumeOnLostNode")))
        .contains(
            berth.inCluster("s45i-left"),
            "delete that volume's object if its node is gone for good");
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(1);

    berth.world().volumeObjectLost(berth.inCluster("s45i-left"));
    berth.isRefloated();
  }

  @Test
  @SideBySide
  void S45_a_sibling_that_it_must_not_meet_is_on_the_only_other_node() {
    // GIVEN two replicas that must not meet, on two nodes
    Berth berth = harbour.berth("s45a");
    berth.addHome();
    berth.addRefuge();
    harbour.scene().running(alone(berth.set().replicas(2).parallel()));
    String lost = berth.world().nodeOf(berth.pod()).orElseThrow();
    berth.world().nodeLost(lost);

    // THEN there is no room for a second one, nor for one more that has no data
    isNowhereToGo(berth, "its sibling s45a-1 is there");
    harbour.scene().scale(berth.name(), 3);
    berth.world().awaitUnschedulable("s45a-2");
    harbour.scene().scale(berth.name(), 2);
    harbour.leavesAlone("data-s45a-1");

    // WHEN another node comes
    berth.world().add(berth.node("s45a-third"));
    berth.isRefloatedTo("s45a-third");
  }

  @Test
  @SideBySide
  void S45_no_other_node_is_where_volumes_of_the_class_may_be_made() {
    Berth berth = harbour.berth("s45t");
    String zone = "topology.lab.refloat.dev/zone";
    berth.world().add(made("s45t").onlyWhere(zone, "s45t"));
    berth.world().add(berth.node(berth.home()).label(zone, "s45t"));
    harbour.scene().running(berth.setOfOwnClass("data"));
    berth.addRefuge();
    berth.loseHome();

    isNowhereToGo(berth, "outside the allowedTopologies of class " + berth.inCluster("s45t"));
    theSchedulerAgrees(berth);

    berth.world().add(berth.node("s45t-inside").label(zone, "s45t"));
    berth.isRefloatedTo("s45t-inside");
  }

  @Test
  @SideBySide
  void S45_a_driver_that_keeps_count_tells_of_too_little_room() {
    Berth berth = harbour.berth("s45c").addHome();
    berth.world().add(made("s45c").keepingCount()).addCapacity("s45c", berth.home(), "10Gi");
    harbour.scene().running(berth.setOfOwnClass("data"));
    berth.addRefuge();
    berth.world().addCapacity("s45c", berth.refuge(), "1023Mi");
    berth.loseHome();

    isNowhereToGo(berth, "no capacity for data-s45c-0 (CSIStorageCapacity)");
    theSchedulerAgrees(berth);

    berth.world().addCapacity("s45c", berth.refuge(), "2Gi");
    berth.isRefloated();
  }

  private static LabStorageClass.Dynamic made(String name) {
    return new LabStorageClass.Dynamic(name, ReclaimPolicy.DELETE);
  }

  private void isNowhereToGo(Berth berth, String... why) {
    assertThat(Berth.why(berth.awaitReason("NowhereToGo"))).contains(why);
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(1);
  }

  /** A set that has not opted in, with claims that never had a volume. */
  private static void theSchedulerAgrees(Berth berth) {
    String set = berth.name() + "-fresh";
    berth
        .world()
        .add(berth.here(LabStatefulSet.named(set).claim("data", berth.name())))
        .awaitUnschedulable(set + "-0");
  }

  /** No two pods of the set on one node. */
  private static LabStatefulSet alone(LabStatefulSet set) {
    return set.podSpec(
        spec ->
            spec.editOrNewAffinity()
                .editOrNewPodAntiAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withNewLabelSelector()
                .addToMatchLabels(Map.of("app", set.name()))
                .endLabelSelector()
                .withTopologyKey("kubernetes.io/hostname")
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .endAffinity());
  }
}
