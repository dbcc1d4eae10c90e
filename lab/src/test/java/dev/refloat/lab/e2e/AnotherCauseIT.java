package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.world.LabVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pod waits, but not because a node is lost: never act. S01 is in {@link LeaveAloneIT}. */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnotherCauseIT {

  private static final String ZONE = "topology.kubernetes.io/zone";

  private final Lab lab;
  private final Harbour harbour;

  AnotherCauseIT(Lab lab) {
    this.lab = lab;
    harbour = Harbour.open(lab, "cause");
  }

  @AfterAll
  void close() {
    harbour.close();
  }

  @Test
  @SideBySide
  void S02_a_selector_that_keeps_the_pod_from_its_healthy_node_is_no_lost_node() {
    Berth berth = harbour.berth("s02").addHome();
    harbour.scene().running(berth.set());
    berth.world().add(berth.node(berth.refuge()).label("disk", "nvme"));

    berth.edit(
        set ->
            new StatefulSetBuilder(set)
                .editSpec()
                .editTemplate()
                .editSpec()
                .addToNodeSelector("disk", "nvme")
                .endSpec()
                .endTemplate()
                .endSpec()
                .build());

    assertThat(Berth.why(berth.awaitReason("PinnedNodeHealthy")))
        .contains(berth.inCluster(berth.home()), "a selector");
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S03_a_volume_of_a_zone_is_not_lost_with_the_only_node_of_that_zone() {
    Berth berth = harbour.berth("s03");
    berth.world().add(berth.node(berth.home()).label(ZONE, "s03-zone"));
    berth.volumesByHand(
        berth.volume(new LabVolume.Source.Local(), "disk").onlyWhere(ZONE, "s03-zone"));
    harbour.scene().running(berth.setOfOwnClass("data"));
    berth.addRefuge();

    berth.loseHome();

    // The webhook sees where the volume may be, and does not even label the pod.
    Pod pod = berth.world().awaitUnschedulable(berth.pod());
    assertThat(pod.getMetadata().getLabels()).doesNotContainKey("refloat.dev/local-storage");
    // Nor does the label, if it is there all the same, change anything.
    lab.forgeLabel(berth.world().namespace(), berth.pod());
    assertThat(Berth.why(berth.awaitReason("NotOneNode"))).contains(ZONE);
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S04_a_network_volume_beside_the_lost_one_stays_and_goes_along() {
    Berth berth = harbour.berth("s04");
    berth.volumesByHand(berth.volume(new LabVolume.Source.Nfs(), "share"));
    berth.running(berth.set().claim("share", "s04"));

    berth.loseHome();

    berth.isRefloated();
    harbour.leavesAlone("share-s04-0");
  }

  @Test
  @SideBySide
  void S04_a_kept_volume_that_no_other_node_can_use_keeps_the_lost_one_too() {
    Berth berth = harbour.berth("s04z");
    berth.volumesByHand(
        berth
            .volume(new LabVolume.Source.Csi("ebs.csi.aws.com"), "disk")
            .onlyWhere(ZONE, "s04z-zone"));
    berth.world().add(berth.node(berth.home()).label(ZONE, "s04z-zone"));
    harbour.scene().running(berth.set().claim("share", "s04z"));
    berth.addRefuge();

    berth.loseHome();

    assertThat(Berth.why(berth.awaitReason("NowhereToGo"))).contains("cannot be used there");
    berth.leavesAlone();
    harbour.leavesAlone("share-s04z-0");
  }

  @Test
  @SideBySide
  void S05_a_pod_that_waits_for_its_gates_is_skipped() {
    Berth berth = harbour.berth("s05").addRefuge();
    berth
        .world()
        .add(
            berth
                .set()
                .podSpec(
                    spec ->
                        spec.addNewSchedulingGate().withName("lab.invalid/g").endSchedulingGate()));

    berth.awaitReason("Gated");
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S05_a_pod_whose_provisioner_does_not_answer_stays_nominated_and_Refloat_says_so() {
    Berth berth = harbour.berth("s05n").addHome();
    berth.world().stopProvisioner(berth.home());
    berth.world().add(berth.set());

    if (!berth.isKubernetesSince(35)) {
      // Nobody is nominated while volumes are made: NominatedNodeNameForExpectation came with 1.35.
      LogLine unbound = berth.awaitReason("ClaimUnbound");
      assertThat(Berth.why(unbound))
          .contains(berth.inCluster(berth.home()), "see the claim's Events for what it waits for");
      berth.leavesAlone();
      return;
    }
    LogLine line = berth.awaitReason("Nominated");
    assertThat(Berth.why(line))
        .contains(berth.inCluster(berth.home()), "the provisioner does not answer");
    // Measured on 1.36: it waits with a nomination, without a node, and says nothing.
    Pod pod = berth.world().pod(berth.pod()).orElseThrow();
    assertThat(pod.getSpec().getNodeName()).isNull();
    assertThat(pod.getStatus().getNominatedNodeName()).isEqualTo(berth.inCluster(berth.home()));
    assertThat(pod.getStatus().getConditions())
        .noneMatch(condition -> "PodScheduled".equals(condition.getType()));
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S06_a_pod_that_has_its_node_and_waits_for_its_image_is_never_touched() {
    Berth berth = harbour.berth("s06").addHome();
    berth
        .world()
        .add(berth.set().podSpec(spec -> spec).annotation("lab.refloat.dev/image", "missing"));

    Pod pod = berth.world().awaitScheduled(berth.pod());

    assertThat(pod.getStatus().getPhase()).isEqualTo("Pending");
    // From now on it is not even seen: the watch asks for pods without a node only.
    berth.leavesAlone();
    assertThat(berth.messages(berth.pod())).doesNotContain("Refloating a stranded pod");
  }

  @Test
  @SideBySide
  void S07_two_claims_on_two_healthy_nodes_are_for_a_person_to_decide() {
    Berth berth = harbour.berth("s07").addHome().addRefuge();
    berth.volumesByHand(
        berth.disk("a", berth.home()).keptFor("a-s07-0"),
        berth.disk("b", berth.refuge()).keptFor("b-s07-0"));

    berth.world().add(berth.setOfOwnClass("a", "b"));

    assertThat(Berth.why(berth.awaitReason("ConflictingPins")))
        .contains("a-s07-0 on " + berth.inCluster(berth.home()))
        .contains("b-s07-0 on " + berth.inCluster(berth.refuge()));
    harbour.leavesAlone("a-s07-0");
    harbour.leavesAlone("b-s07-0");
  }

  @Test
  @SideBySide
  void S08_a_claim_without_a_volume_has_nothing_to_give_up() {
    Berth berth = harbour.berth("s08").volumesByHand().addHome();

    berth.world().add(berth.setOfOwnClass("data"));

    assertThat(Berth.why(berth.awaitReason("ClaimUnbound"))).contains("nothing to give up");
    berth.leavesAlone();
  }
}
