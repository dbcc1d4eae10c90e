package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.recorder.Version;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabNode.LabTaint;
import dev.refloat.lab.world.LabStatefulSet;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.CSINodeBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The node is not lost, or not lost yet. More of S10 is in {@link RecoveryIT}. */
@ExtendWith(Lab.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeNotLostIT {

  private static final String RECOVER = "refloat.dev/recover";
  private static final String AFTER = "refloat.dev/after";
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private final Harbour harbour;

  NodeNotLostIT(Lab lab) {
    harbour = Harbour.open(lab, "not-lost");
  }

  @AfterAll
  void close() {
    harbour.close();
  }

  @Test
  @SideBySide
  void S11_a_node_whose_CSINode_is_left_is_not_gone() {
    Berth berth = harbour.berth("s11");
    berth.running(berth.set());
    var csiNode =
        berth
            .client()
            .resource(
                new CSINodeBuilder()
                    .withNewMetadata()
                    .withName(berth.inCluster(berth.home()))
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .build());
    csiNode.create();

    berth.loseHome();
    assertThat(Berth.why(berth.awaitReason("NodeStillRegistered")))
        .contains("CSINode " + berth.inCluster(berth.home()) + " exists");
    assertThat(harbour.scene().recorder().claims().uids(berth.claim())).hasSize(1);

    csiNode.delete();
    berth.isRefloated();
  }

  @Test
  @SideBySide
  void S11_a_node_that_lost_its_hostname_label_is_there_all_the_same() {
    Berth berth = harbour.berth("s11h");
    berth.running(berth.set());

    berth.world().unlabel(berth.home(), HOSTNAME);
    berth.world().deletePod(berth.pod());

    assertThat(Berth.why(berth.awaitReason("NodeStillRegistered")))
        .contains("Node " + berth.inCluster(berth.home()) + " exists");
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S12_a_node_that_is_not_ready_is_given_its_grace_if_opted_in_and_a_return_re_arms_it() {
    Berth berth = harbour.berth("s12");
    LabStatefulSet gone = berth.set("s12gone");
    berth.running(
        berth.set().annotation(RECOVER, "node-gone,node-not-ready").annotation(AFTER, "1h"), gone);

    berth.world().nodeNotReady(berth.home());
    berth.world().deletePod(berth.pod());
    berth.world().deletePod("s12gone-0");

    // Off unless opted in.
    berth.awaitReason("s12gone-0", "StateNotOptedIn");
    LogLine first = berth.awaitReason("GracePeriod");
    assertThat(Berth.why(first)).contains("is lost (node-not-ready) since");

    berth.world().nodeReadyAgain(berth.home());
    berth.isHomeAgain();
    harbour.leavesAlone("data-s12gone-0");
    Berth.awaitNextSecondAfter(first);

    berth.world().nodeNotReady(berth.home());
    berth.world().deletePod(berth.pod());
    LogLine second = berth.awaitReasonAfter(first, "GracePeriod");
    assertThat(Berth.why(second)).isNotEqualTo(Berth.why(first));
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S13_an_uncordon_within_the_grace_changes_nothing_and_re_arms_it() {
    Berth berth = harbour.berth("s13");
    LabStatefulSet gone = berth.set("s13gone");
    berth.running(berth.set().annotation(RECOVER, "node-cordoned").annotation(AFTER, "1h"), gone);

    berth.world().cordon(berth.home());
    berth.world().deletePod(berth.pod());
    berth.world().deletePod("s13gone-0");
    berth.awaitReason("s13gone-0", "StateNotOptedIn");
    LogLine first = berth.awaitReason("GracePeriod");

    berth.world().uncordon(berth.home());
    berth.isHomeAgain();
    harbour.leavesAlone("data-s13gone-0");
    Berth.awaitNextSecondAfter(first);

    berth.world().cordon(berth.home());
    berth.world().deletePod(berth.pod());
    LogLine second = berth.awaitReasonAfter(first, "GracePeriod");
    assertThat(Berth.why(second)).isNotEqualTo(Berth.why(first));
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S13_S44_on_a_cordoned_node_the_disk_is_wiped_at_once_unless_it_is_Retain_before() {
    Berth berth = harbour.berth("s44");
    LabStatefulSet discard =
        berth
            .set("s44discard")
            .annotation(RECOVER, "node-cordoned")
            .annotation("refloat.dev/data", "discard");
    berth.running(berth.set().annotation(RECOVER, "node-cordoned"), discard);
    String kept = berth.world().volumeOf(berth.claim()).orElseThrow().getMetadata().getName();
    String wiped =
        berth.world().volumeOf("data-s44discard-0").orElseThrow().getMetadata().getName();

    berth.world().cordon(berth.home());
    berth.world().deletePod(berth.pod());
    berth.world().deletePod("s44discard-0");

    berth.isRefloated();
    berth.isRefloated("s44discard-0", "data-s44discard-0");
    // The provisioner of the cordoned node is alive, and wipes what it may.
    Await.seconds(20)
        .until(
            "volume " + wiped + " is wiped", () -> berth.world().volumeInCluster(wiped).isEmpty());
    PersistentVolume left = berth.world().volumeInCluster(kept).orElseThrow();
    assertThat(left.getStatus().getPhase()).isEqualTo("Released");
    Version<PersistentVolumeClaim> goes =
        harbour.scene().recorder().claims().firstDeleting(berth.claim()).orElseThrow();
    assertThat(
            harbour
                .scene()
                .recorder()
                .volumes()
                .lastBefore(kept, goes)
                .orElseThrow()
                .object()
                .getSpec()
                .getPersistentVolumeReclaimPolicy())
        .isEqualTo("Retain");
  }

  @Test
  @SideBySide
  void S14_a_start_up_taint_is_waited_for_whatever_the_opt_in_says() {
    Berth berth = harbour.berth("s14");
    berth.running(
        berth
            .set()
            .annotation(RECOVER, "node-gone,node-not-ready,node-cordoned,node-tainted")
            .annotation(AFTER, "0s"));

    berth.world().taint(berth.home(), noSchedule("node.cilium.io/agent-not-ready"));
    berth.world().deletePod(berth.pod());
    assertThat(Berth.why(berth.awaitReason("NodeNotSettled")))
        .contains("node.cilium.io/agent-not-ready");

    berth.world().untaint(berth.home(), "node.cilium.io/agent-not-ready");
    berth.isHomeAgain();
  }

  @Test
  @SideBySide
  void S14_a_taint_of_somebodys_own_needs_its_own_opt_in() {
    Berth berth = harbour.berth("s14own");
    LabStatefulSet gone = berth.set("s14gone");
    berth.running(berth.set().annotation(RECOVER, "node-tainted"), gone);

    berth.world().taint(berth.home(), noSchedule("team.invalid/drained"));
    berth.world().deletePod(berth.pod());
    berth.world().deletePod("s14gone-0");

    assertThat(Berth.why(berth.awaitReason("s14gone-0", "StateNotOptedIn")))
        .contains("node-tainted");
    berth.isRefloated();
    harbour.leavesAlone("data-s14gone-0");
  }

  @Test
  @SideBySide
  void S15_a_pod_that_has_waited_for_cpu_for_long_has_its_whole_grace_when_its_node_goes() {
    // GIVEN a pod that has waited for room on its node for longer than its grace
    Duration grace = Duration.ofSeconds(3);
    Berth berth = harbour.berth("s15").addHome();
    harbour.scene().running(berth.set().cpu("3").annotation(AFTER, grace.toSeconds() + "s"));
    harbour.scene().scale("s15", 0);
    harbour.scene().running(berth.here(LabStatefulSet.named("s15filler").cpu("3")));
    berth.world().add(berth.node(berth.refuge()).cpu("8"));
    harbour.scene().scale("s15", 1);
    berth.awaitReason("PinnedNodeHealthy");
    Instant waitsSince =
        Instant.parse(
            berth.world().pod(berth.pod()).orElseThrow().getMetadata().getCreationTimestamp());
    Await.seconds(20)
        .until(
            "the pod has waited for longer than its grace",
            () -> Instant.now().isAfter(waitsSince.plus(grace).plusSeconds(1)));

    // WHEN the node goes
    Instant before = Instant.now();
    berth.loseHome();

    // THEN the grace begins
    berth.awaitReason("GracePeriod");
    berth.isRefloated();
    Version<PersistentVolumeClaim> goes =
        harbour.scene().recorder().claims().firstDeleting(berth.claim()).orElseThrow();
    assertThat(goes.receivedAt()).isAfter(before.plus(grace));
  }

  @Test
  @SideBySide
  void S16_a_node_that_is_out_of_service_is_gone_by_official_word() {
    Berth berth = harbour.berth("s16");
    berth.running(berth.set());

    berth.world().nodeNotReady(berth.home());
    berth
        .world()
        .taint(
            berth.home(),
            new LabTaint("node.kubernetes.io/out-of-service", "nodeshutdown", "NoExecute"));

    berth.isRefloated();
    assertThat(Berth.why(berth.awaitReason("Recover")))
        .contains("taint node.kubernetes.io/out-of-service");
  }

  @Test
  @SideBySide
  void S16_the_official_word_counts_on_a_node_that_says_it_is_Ready_as_well() {
    Berth berth = harbour.berth("s16r");
    berth.running(berth.set());

    // The taint evicts the pod, and nobody takes its place there.
    berth.world().outOfService(berth.home());

    berth.isRefloated();
    assertThat(Berth.why(berth.awaitReason("Recover")))
        .contains("taint node.kubernetes.io/out-of-service");
    var _ = berth.world().awaitReadyNode(berth.home());
  }

  @Test
  @SideBySide
  void S18_a_node_is_known_by_its_hostname_label_not_by_its_name() {
    // GIVEN a node that is not called like its host
    Berth berth = harbour.berth("s18");
    LabNode home = berth.node(berth.home()).hostname("s18-host");
    berth.world().add(home);
    harbour.scene().running(berth.set().annotation(AFTER, "1h"));
    berth.addRefuge();
    berth.loseHome();
    assertThat(Berth.why(berth.awaitReason("GracePeriod"))).contains(berth.inCluster("s18-host"));

    // WHEN the same host is registered under another name
    berth.world().add(berth.node("s18-renamed").hostname("s18-host"));

    // THEN the pod is at home there
    assertThat(berth.world().awaitReady(berth.pod()).getSpec().getNodeName())
        .isEqualTo(berth.inCluster("s18-renamed"));
    berth.leavesAlone();
  }

  @Test
  @SideBySide
  void S18_a_lost_node_that_is_not_called_like_its_host_is_refloated() {
    Berth berth = harbour.berth("s18l");
    berth.world().add(berth.node(berth.home()).hostname("s18l-host"));
    harbour.scene().running(berth.set());
    berth.addRefuge();

    berth.loseHome();

    berth.isRefloated();
  }

  /**
   * Without the feature gate MutablePVNodeAffinity (alpha in 1.36) one change is allowed all the
   * same: from a beta label to its successor, see {@code validatePvNodeAffinity} in <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go">validation.go</a>.
   */
  @Test
  @SideBySide
  void S19_a_change_of_the_volumes_affinity_while_we_wait_restarts_the_grace() {
    Duration grace = Duration.ofSeconds(4);
    Berth berth = harbour.berth("s19");
    berth
        .world()
        .add(
            berth
                .node(berth.home())
                .label("beta.kubernetes.io/instance-type", "s19")
                .label("node.kubernetes.io/instance-type", "s19"));
    berth.volumesByHand(
        berth.disk("disk", berth.home()).onlyWhere("beta.kubernetes.io/instance-type", "s19"),
        berth.disk("spare", berth.refuge()));
    harbour
        .scene()
        .running(
            berth.here(
                LabStatefulSet.named("s19")
                    .claim("data", "s19")
                    .annotation(RECOVER, "true")
                    .annotation(AFTER, grace.toSeconds() + "s")));
    berth.addRefuge();
    berth.loseHome();
    LogLine first = berth.awaitReason("GracePeriod");

    Berth.awaitNextSecondAfter(first);
    Instant before = Instant.now();
    berth
        .volumeResource(berth.claim())
        .edit(
            volume ->
                new PersistentVolumeBuilder(volume)
                    .editSpec()
                    .editNodeAffinity()
                    .editRequired()
                    .editFirstNodeSelectorTerm()
                    .editMatchingMatchExpression(
                        each -> each.getKey().equals("beta.kubernetes.io/instance-type"))
                    .withKey("node.kubernetes.io/instance-type")
                    .endMatchExpression()
                    .endNodeSelectorTerm()
                    .endRequired()
                    .endNodeAffinity()
                    .endSpec()
                    .build());

    berth.awaitReasonAfter(first, "GracePeriod");
    berth.isRefloated();
    assertThat(
            harbour
                .scene()
                .recorder()
                .claims()
                .firstDeleting(berth.claim())
                .orElseThrow()
                .receivedAt())
        .isAfter(before.plus(grace));
  }

  private static LabTaint noSchedule(String key) {
    return new LabTaint(key, "", "NoSchedule");
  }
}
