package dev.refloat.recovery;

import static dev.refloat.recovery.Given.LONG_AGO;
import static dev.refloat.recovery.Given.NOW;
import static dev.refloat.recovery.Given.claim;
import static dev.refloat.recovery.Given.cordoned;
import static dev.refloat.recovery.Given.label;
import static dev.refloat.recovery.Given.labelled;
import static dev.refloat.recovery.Given.node;
import static dev.refloat.recovery.Given.notReady;
import static dev.refloat.recovery.Given.present;
import static dev.refloat.recovery.Given.registered;
import static dev.refloat.recovery.Given.stranded;
import static dev.refloat.recovery.Given.tainted;
import static dev.refloat.recovery.Given.volume;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Names;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeStatesTest {

  @Test
  void S01_the_pinned_node_is_there_and_merely_full() {
    assertThat(stranded().alsoNode(node("n1")).judged())
        .isEqualTo(new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1"));
  }

  @Test
  void S02_the_pod_does_not_select_its_healthy_node_any_more() {
    Placement elsewhere = new Placement(Map.of("disk", "ssd"), Optional.empty(), List.of(), false);
    assertThat(stranded().placement(elsewhere).alsoNode(node("n1")).judged())
        .isEqualTo(new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1"));
  }

  @Test
  void S11_the_node_is_there_without_the_drivers_label() {
    Volume topolvm =
        volume(
            "pv-1",
            "data-db-1",
            new VolumeSource.Csi("topolvm.io"),
            Optional.of(label("topology.topolvm.io/node", "n1")));
    assertThat(
            stranded()
                .storage(present(claim("data-db-1", "pv-1"), topolvm))
                .alsoNode(node("n1"))
                .judged())
        .isInstanceOf(Verdict.Leave.NodeStillRegistered.class);
  }

  @Test
  void S11_a_node_of_that_name_with_another_hostname_label() {
    Node renamed = labelled(node("n1"), Map.of("kubernetes.io/hostname", "ip-10-0-0-1"));
    assertThat(stranded().alsoNode(renamed).judged())
        .isEqualTo(
            new Verdict.Leave.NodeStillRegistered(
                "data-db-1",
                "n1",
                "nothing matches the volume's node affinity, but Node n1 exists"));
  }

  @Test
  void S11_the_CSINode_is_left() {
    assertThat(stranded().csiNodes("n1").judged())
        .isEqualTo(
            new Verdict.Leave.NodeStillRegistered(
                "data-db-1",
                "n1",
                "nothing matches the volume's node affinity, but CSINode n1 exists"));
  }

  @Test
  void S11_a_node_of_that_name_without_a_hostname_label() {
    assertThat(stranded().alsoNode(labelled(node("n1"), Map.of())).judged())
        .isInstanceOf(Verdict.Leave.NodeStillRegistered.class);
  }

  @Test
  void S18_the_hostname_label_counts_not_the_name() {
    Node renamed = labelled(node("ip-10-0-0-1"), Map.of("kubernetes.io/hostname", "n1"));
    assertThat(stranded().alsoNode(renamed).judged())
        .isEqualTo(new Verdict.Leave.PinnedNodeHealthy("data-db-1", "ip-10-0-0-1"));
  }

  @Test
  void S12_not_ready_needs_its_own_opt_in() {
    assertThat(stranded().alsoNode(notReady(node("n1"))).judged())
        .isEqualTo(
            new Verdict.Leave.StateNotOptedIn(
                "data-db-1",
                "node n1",
                new TreeSet<>(Set.of(LostState.NOT_READY)),
                new TreeSet<>(Set.of(LostState.GONE))));
    assertThat(stranded().optedIn("node-not-ready").alsoNode(notReady(node("n1"))).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S13_cordoned_needs_its_own_opt_in() {
    assertThat(stranded().alsoNode(cordoned(node("n1"))).judged())
        .isInstanceOf(Verdict.Leave.StateNotOptedIn.class);
    assertThat(stranded().optedIn("node-cordoned").alsoNode(cordoned(node("n1"))).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S14_an_untolerated_taint_needs_its_own_opt_in() {
    Node tainted = tainted(node("n1"), "maintenance");
    assertThat(stranded().alsoNode(tainted).judged())
        .isInstanceOf(Verdict.Leave.StateNotOptedIn.class);
    assertThat(stranded().optedIn("node-tainted").alsoNode(tainted).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S13_a_cordon_that_the_pod_tolerates_is_no_loss() {
    Placement tolerant =
        new Placement(
            Map.of(),
            Optional.empty(),
            List.of(new Placement.Toleration("node.kubernetes.io/unschedulable", true, "", "")),
            false);
    assertThat(
            stranded()
                .optedIn("node-cordoned")
                .placement(tolerant)
                .alsoNode(cordoned(node("n1")))
                .judged())
        .isEqualTo(new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1"));
  }

  @Test
  void S14_a_tolerated_taint_is_no_loss() {
    Placement tolerant =
        new Placement(
            Map.of(),
            Optional.empty(),
            List.of(new Placement.Toleration("maintenance", true, "", "")),
            false);
    assertThat(
            stranded()
                .optedIn("node-tainted")
                .placement(tolerant)
                .alsoNode(tainted(node("n1"), "maintenance"))
                .judged())
        .isEqualTo(new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node.cloudprovider.kubernetes.io/uninitialized",
        "node.cloudprovider.kubernetes.io/shutdown",
        "node.cilium.io/agent-not-ready",
        "ebs.csi.aws.com/agent-not-ready",
        "some.new.driver/agent-not-ready",
        "node.kubernetes.io/disk-pressure",
        "node.kubernetes.io/memory-pressure",
        "node.kubernetes.io/network-unavailable"
      })
  void S14_a_taint_that_passes_by_itself_is_neither_healthy_nor_lost(String key) {
    assertThat(
            stranded()
                .optedIn("node-gone,node-tainted")
                .alsoNode(tainted(node("n1"), key))
                .judged())
        .isEqualTo(
            new Verdict.Hold.NodeNotSettled("data-db-1", "n1", List.of(key + ":NoSchedule")));
  }

  @Test
  void S16_out_of_service_is_the_official_word_for_gone() {
    assertThat(
            stranded()
                .alsoNode(tainted(notReady(node("n1")), "node.kubernetes.io/out-of-service"))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S10_a_gone_node_has_its_grace_too() {
    assertThat(stranded().since(NOW.minusSeconds(14)).judged())
        .isEqualTo(
            new Verdict.Hold.GracePeriod(
                "data-db-1", "node n1", LostState.GONE, NOW.minusSeconds(14), NOW.plusSeconds(1)));
    assertThat(stranded().since(NOW.minusSeconds(15)).judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S15_two_hours_of_waiting_for_cpu_do_not_count() {
    Situation situation = stranded().situation().with(Sightings.NONE);

    assertThat(Judge.judge(situation)).isInstanceOf(Verdict.Hold.GracePeriod.class);
  }

  @Test
  void the_grace_of_the_opt_in_replaces_the_controllers() {
    assertThat(stranded().annotated(Names.AFTER, "0s").since(NOW).judged())
        .isInstanceOf(Verdict.Recover.class);
    assertThat(stranded().annotated(Names.AFTER, "20m").judged())
        .isInstanceOf(Verdict.Hold.GracePeriod.class);
  }

  @Test
  void S10_a_return_for_a_moment_starts_the_grace_anew() {
    Set<Cause> gone = stranded().situation().causes();
    Sightings sightings =
        Sightings.NONE
            .seen(gone, NOW.minusSeconds(60))
            .seen(Set.of(), NOW.minusSeconds(30))
            .seen(gone, NOW.minusSeconds(5))
            .seen(gone, NOW);

    assertThat(sightings.since().values()).containsExactly(NOW.minusSeconds(5));
  }

  @Test
  void S19_a_change_of_the_volumes_affinity_starts_the_grace_anew() {
    Set<Cause> before = stranded().situation().causes();
    Set<Cause> after =
        stranded()
            .storage(present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n9")))
            .situation()
            .causes();

    assertThat(
            Sightings.NONE
                .seen(before, NOW.minus(Duration.ofHours(1)))
                .seen(after, NOW)
                .since()
                .values())
        .containsExactly(NOW);
  }

  @Test
  void S10_another_Node_of_the_same_name_starts_the_grace_anew() {
    Node first = cordoned(node("n1"));
    Node second = new Node("n1", "uid-other", LONG_AGO, first.labels(), true, List.of(), true, NOW);
    Set<Cause> before = stranded().alsoNode(first).situation().causes();
    Set<Cause> after = stranded().alsoNode(second).situation().causes();

    assertThat(Sightings.NONE.seen(before, NOW.minusSeconds(60)).seen(after, NOW).since().values())
        .containsExactly(NOW);
  }

  @Test
  void S12_a_grace_counts_from_the_nodes_own_transition_if_that_is_later_than_what_was_seen() {
    Node back =
        new Node(
            "n1",
            "uid-n1",
            LONG_AGO,
            node("n1").labels(),
            false,
            List.of(),
            false,
            NOW.minus(Duration.ofMinutes(4)));

    assertThat(
            stranded()
                .optedIn("node-not-ready")
                .alsoNode(back)
                .since(NOW.minus(Duration.ofHours(1)))
                .judged())
        .isEqualTo(
            new Verdict.Hold.GracePeriod(
                "data-db-1",
                "node n1",
                LostState.NOT_READY,
                NOW.minus(Duration.ofMinutes(4)),
                NOW.plus(Duration.ofMinutes(6))));
  }

  @Test
  void S11_several_nodes_that_match_the_volume_convict_nobody() {
    Node twin = labelled(node("n1-twin"), node("n1").labels());

    assertThat(
            stranded()
                .optedIn("node-not-ready")
                .alsoNode(notReady(node("n1")))
                .alsoNode(cordoned(twin))
                .judged())
        .isEqualTo(
            new Verdict.Leave.NodeStillRegistered(
                "data-db-1",
                "n1",
                "several Nodes match its volume (n1, n1-twin), so nobody knows which has the disk"));
  }

  @Test
  void S10_a_node_registered_after_the_volume_was_made_is_alive_and_named() {
    Instant later = LONG_AGO.plusSeconds(1);
    assertThat(stranded().alsoNode(registered(node("n1"), later)).judged())
        .isEqualTo(
            new Verdict.Leave.PinnedNodeReplaced("data-db-1", "n1", later, "pv-1", LONG_AGO));
    assertThat(stranded().alsoNode(registered(node("n1"), LONG_AGO)).judged())
        .isEqualTo(new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1"));
  }

  @Test
  void S11_a_young_node_without_the_drivers_label_may_be_the_one() {
    String key = "topology.topolvm.io/node";
    Node settled = labelled(node("n0"), Map.of("kubernetes.io/hostname", "n0", key, "n0"));
    Node young = registered(node("back"), NOW.minusSeconds(599));
    assertThat(pinnedBy(key).nodes(settled, young).judged())
        .isEqualTo(new Verdict.Leave.DriverNotRegistered("data-db-1", key, List.of("back")));
    Node old = registered(node("control-plane"), NOW.minusSeconds(600));
    assertThat(pinnedBy(key).annotated(Names.MIN_READY, "0").nodes(settled, old).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S11_a_drivers_label_that_no_node_has_is_of_a_driver_that_was_uninstalled() {
    assertThat(pinnedBy("topology.topolvm.io/node").judged())
        .isEqualTo(
            new Verdict.Leave.DriverNotRegistered(
                "data-db-1", "topology.topolvm.io/node", List.of("n0", "n2", "n3")));
  }

  @Test
  void S11_a_hostname_comes_with_the_node_so_that_a_young_node_is_no_doubt() {
    assertThat(stranded().alsoNode(registered(node("n4"), NOW)).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  private static Given pinnedBy(String key) {
    Volume volume =
        volume(
            "pv-1",
            "data-db-1",
            new VolumeSource.Csi("topolvm.io"),
            Optional.of(Given.label(key, "machine-77")));
    return stranded().storage(present(claim("data-db-1", "pv-1"), volume, "topolvm.io"));
  }

  @Test
  void S10_a_lost_node_may_come_back_under_each_of_its_names() {
    NodeSelector both =
        new NodeSelector(
            List.of(
                new NodeSelector.Term(
                    List.of(
                        new NodeSelector.Requirement(
                            "topology.topolvm.io/node",
                            NodeSelector.Operator.IN,
                            List.of("disk-7")),
                        new NodeSelector.Requirement(
                            "kubernetes.io/hostname", NodeSelector.Operator.IN, List.of("n1"))),
                    List.of())));
    Volume volume = Given.volume("pv-1", "data-db-1", new VolumeSource.Local(), Optional.of(both));
    Node cordoned =
        Given.cordoned(
            Given.labelled(
                Given.node("ip-10-0-0-1"),
                Map.of("topology.topolvm.io/node", "disk-7", "kubernetes.io/hostname", "n1")));
    Given given = stranded().storage(Given.present(Given.claim("data-db-1", "pv-1"), volume));

    assertThat(given.alsoNode(cordoned).situation().lostClaims())
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.names()).containsExactly("disk-7", "ip-10-0-0-1", "n1");
              assertThat(lost.nodes()).as("one for the brake").hasSize(1);
            });
  }

  @Test
  void S11_a_node_that_answers_to_another_name_of_the_volume_is_not_gone() {
    NodeSelector both =
        new NodeSelector(
            List.of(
                new NodeSelector.Term(
                    List.of(
                        new NodeSelector.Requirement(
                            "kubernetes.io/hostname",
                            NodeSelector.Operator.IN,
                            List.of("n1.internal")),
                        new NodeSelector.Requirement(
                            "topology.topolvm.io/node", NodeSelector.Operator.IN, List.of("n1"))),
                    List.of())));
    Volume volume = Given.volume("pv-1", "data-db-1", new VolumeSource.Local(), Optional.of(both));
    Given given = stranded().storage(Given.present(Given.claim("data-db-1", "pv-1"), volume));
    assertThat(given.judged()).isInstanceOf(Verdict.Recover.class);

    Node relabelled = Given.labelled(Given.node("n1"), Map.of());
    assertThat(given.alsoNode(relabelled).judged())
        .isInstanceOf(Verdict.Leave.NodeStillRegistered.class);
  }
}
