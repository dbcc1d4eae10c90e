package dev.refloat.recovery;

import static dev.refloat.recovery.Given.GIB;
import static dev.refloat.recovery.Given.NOW;
import static dev.refloat.recovery.Given.bytes;
import static dev.refloat.recovery.Given.claim;
import static dev.refloat.recovery.Given.cordoned;
import static dev.refloat.recovery.Given.hostname;
import static dev.refloat.recovery.Given.id;
import static dev.refloat.recovery.Given.labelled;
import static dev.refloat.recovery.Given.node;
import static dev.refloat.recovery.Given.notReady;
import static dev.refloat.recovery.Given.present;
import static dev.refloat.recovery.Given.readySince;
import static dev.refloat.recovery.Given.sibling;
import static dev.refloat.recovery.Given.stranded;
import static dev.refloat.recovery.Given.tainted;
import static dev.refloat.recovery.Given.volume;
import static dev.refloat.recovery.Given.waiting;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.Names;
import dev.refloat.storage.NodeSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Somewhere to go, siblings, loop guard, calm. */
class ElsewhereTest {

  private static final String STATIC = "kubernetes.io/no-provisioner";

  @Test
  void S45_every_other_node_is_provably_impossible_and_each_says_why() {
    Placement picky =
        new Placement(Map.of("kubernetes.io/hostname", "n9"), Optional.empty(), List.of(), false);
    assertThat(stranded().placement(picky).judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of(
                    "n0: the pod does not select it",
                    "n2: the pod does not select it",
                    "n3: the pod does not select it")));
    assertThat(
            stranded()
                .others(sibling("db-0", "n0"), sibling("db-2", "n0"))
                .annotated(Names.MIN_READY, "0")
                .nodes(cordoned(node("n0")), notReady(node("n2")), tainted(node("n3"), "gpu"))
                .judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of("n0: cordoned", "n2: not Ready", "n3: taint gpu:NoSchedule")));
  }

  @Test
  void S45_the_nodes_that_the_pod_is_meant_for_are_named_first() {
    Placement picky =
        new Placement(Map.of("kubernetes.io/hostname", "n3"), Optional.empty(), List.of(), false);
    assertThat(
            stranded()
                .placement(picky)
                .nodes(node("n0"), node("n2"), cordoned(node("n3")))
                .others(sibling("db-0", "n0"), sibling("db-2", "n2"))
                .judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of(
                    "n3: cordoned",
                    "n0: the pod does not select it",
                    "n2: the pod does not select it")));
  }

  @Test
  void S45_a_sibling_that_it_must_not_meet_is_on_every_node() {
    Placement alone = new Placement(Map.of(), Optional.empty(), List.of(), true);
    assertThat(stranded().placement(alone).nodes(node("n0"), node("n2")).judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of("n0: its sibling db-0 is there", "n2: its sibling db-2 is there")));
    assertThat(stranded().placement(alone).judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S45_a_class_without_provisioner_needs_a_free_volume() {
    PodStorage handmade =
        present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n1"), STATIC);
    assertThat(stranded().storage(handmade).judged()).isInstanceOf(Verdict.Hold.NowhereToGo.class);
    assertThat(stranded().storage(handmade).spare(volume("pv-9", "", "n3")).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S45_a_free_volume_on_the_lost_node_is_of_no_use() {
    PodStorage handmade =
        present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n1"), STATIC);
    assertThat(stranded().storage(handmade).spare(volume("pv-9", "", "n1")).judged())
        .isInstanceOf(Verdict.Hold.NowhereToGo.class);
  }

  @Test
  void S45_a_free_volume_is_counted_once_among_those_who_wait_for_one() {
    PodStorage handmade =
        present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n1"), STATIC);
    Claim waiting = claim("data-shop-0", "");
    assertThat(
            stranded().storage(handmade).spare(volume("pv-9", "", "n3")).waiting(waiting).judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of(
                    "n0: no free volume for data-db-1",
                    "n2: no free volume for data-db-1",
                    "n3: no free volume for data-db-1")));
    assertThat(
            stranded()
                .storage(handmade)
                .spare(volume("pv-8", "", "n0"), volume("pv-9", "", "n3"))
                .waiting(waiting)
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S45_two_claims_of_one_pod_need_two_volumes_on_one_node() {
    Given both =
        stranded()
            .storage(handmade("data", "pv-1"), handmade("log", "pv-2"))
            .set(set -> Given.templates(set, Given.template("data"), Given.template("log")));
    assertThat(both.spare(volume("pv-8", "", "n3")).judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of(
                    "n0: no free volume for data-db-1",
                    "n2: no free volume for data-db-1",
                    "n3: no free volume for log-db-1")));
    assertThat(both.spare(volume("pv-9", "", "n3")).judged()).isInstanceOf(Verdict.Recover.class);
  }

  private static PodStorage handmade(String template, String volume) {
    String name = template + "-db-1";
    return new PodStorage.Present(
        new Pod.ClaimRef(template, name, false),
        claim(name, volume),
        volume(volume, name, "n1"),
        Optional.of(Given.storageClass(STATIC)));
  }

  @Test
  void S45_a_recovery_under_way_has_taken_its_volume_and_counts_once_when_its_claim_is_back() {
    PodStorage handmade =
        present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n1"), STATIC);
    Claim givenUp = claim("data-shop-0", "pv-7");
    Traffic traffic =
        new Traffic(Optional.empty(), 1, Optional.empty(), List.of(givenUp), Set.of());
    assertThat(
            stranded().storage(handmade).spare(volume("pv-9", "", "n3")).traffic(traffic).judged())
        .isInstanceOf(Verdict.Hold.NowhereToGo.class);
    assertThat(
            stranded()
                .storage(handmade)
                .spare(volume("pv-8", "", "n0"), volume("pv-9", "", "n3"))
                .traffic(traffic)
                .waiting(claim("data-shop-0", ""))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S45_what_counts_is_what_the_template_asks_for_not_the_claim_that_was_enlarged() {
    Claim enlarged = bytes(claim("data-db-1", "pv-1"), 5 * Long.parseLong(GIB));
    PodStorage handmade = present(enlarged, volume("pv-1", "data-db-1", "n1"), STATIC);
    assertThat(stranded().storage(handmade).spare(volume("pv-9", "", "n3")).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S45_a_class_that_binds_at_once_could_choose_the_free_volume_on_the_lost_node() {
    PodStorage handmade = handmade(true);
    assertThat(
            stranded()
                .storage(handmade)
                .spare(volume("pv-8", "", "n1"), volume("pv-9", "", "n3"))
                .judged())
        .isEqualTo(new Verdict.Hold.FreeVolumeOnLostNode("data-db-1", "fast", "pv-8"));
    assertThat(stranded().storage(handmade).spare(volume("pv-9", "", "n3")).judged())
        .isInstanceOf(Verdict.Recover.class);
    assertThat(
            stranded()
                .storage(handmade(false))
                .spare(volume("pv-8", "", "n1"), volume("pv-9", "", "n3"))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S45_a_dynamic_class_reaches_no_further_than_its_allowed_topologies() {
    assertThat(stranded().storage(dynamic(Optional.of(hostname("n1", "n3")), 1)).judged())
        .isInstanceOf(Verdict.Recover.class);
    assertThat(stranded().storage(dynamic(Optional.of(hostname("n1")), 1)).judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of(
                    "n0: outside the allowedTopologies of class fast",
                    "n2: outside the allowedTopologies of class fast",
                    "n3: outside the allowedTopologies of class fast")));
  }

  @Test
  void S45_a_driver_that_keeps_capacities_must_have_enough_of_it() {
    assertThat(stranded().storage(dynamic(Optional.empty(), 1)).judged())
        .isInstanceOf(Verdict.Recover.class);
    assertThat(stranded().storage(dynamic(Optional.empty(), 0)).judged())
        .isEqualTo(
            new Verdict.Hold.NowhereToGo(
                List.of(
                    "n0: no capacity for data-db-1 (CSIStorageCapacity)",
                    "n2: no capacity for data-db-1 (CSIStorageCapacity)",
                    "n3: no capacity for data-db-1 (CSIStorageCapacity)")));
  }

  @Test
  void S20_holds_while_a_sibling_is_not_ready() {
    assertThat(
            stranded()
                .others(sibling("db-0", "n0"), Given.notReady(sibling("db-2", "n2")))
                .judged())
        .isEqualTo(new Verdict.Hold.SiblingsNotReady(1, 2, 2, List.of("db-2 is not Ready")));
  }

  @Test
  void S20_a_sibling_that_is_Ready_on_a_node_that_is_gone_does_not_count() {
    assertThat(stranded().others(sibling("db-0", "n0"), sibling("db-2", "n7")).judged())
        .isEqualTo(
            new Verdict.Hold.SiblingsNotReady(
                1, 2, 2, List.of("db-2 is on node n7, which is gone")));
  }

  @Test
  void S20_a_sibling_that_is_Ready_on_a_node_that_is_not_does_not_count() {
    assertThat(stranded().nodes(node("n0"), notReady(node("n2")), node("n3")).judged())
        .isEqualTo(
            new Verdict.Hold.SiblingsNotReady(
                1, 2, 2, List.of("db-2 is on a node that is not Ready")));
  }

  @Test
  void S20_a_sibling_counts_after_minReadySeconds() {
    assertThat(
            stranded()
                .set(
                    set ->
                        new OwningSet(
                            set.id(),
                            0,
                            3,
                            set.claimTemplates(),
                            Map.of(),
                            set.templateAnnotations(),
                            true,
                            Duration.ofHours(2),
                            set.createdAt(),
                            false))
                .judged())
        .isInstanceOf(Verdict.Hold.SiblingsNotReady.class);
  }

  @Test
  void min_ready_lowers_what_is_asked_of_the_siblings() {
    assertThat(
            stranded()
                .annotated(Names.MIN_READY, "50%")
                .others(sibling("db-0", "n0"), Given.notReady(sibling("db-2", "n2")))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S20_one_recovery_of_a_set_at_a_time() {
    Traffic traffic = new Traffic(Optional.of("db-0"), 1, Optional.empty(), List.of(), Set.of());
    assertThat(stranded().traffic(traffic).judged())
        .isEqualTo(new Verdict.Hold.AnotherRecoveryInFlight("db-0"));
  }

  @Test
  void S22_the_lowest_ordinal_is_the_lowest_number() {
    UnaryOperator<OwningSet> twelve = set -> Copy.with(set, "replicas", 12);
    assertThat(
            stranded()
                .annotated(Names.MIN_READY, "0")
                .pod(pod -> Copy.with(pod, "id", Given.id("db-11", "uid-db-11")))
                .set(twelve)
                .storage(present(claim("data-db-11", "pv-1"), volume("pv-1", "data-db-11", "n1")))
                .others(waiting(sibling("db-10", "n0")), waiting(sibling("db-9", "n2")))
                .judged())
        .isEqualTo(new Verdict.Hold.LowerOrdinalFirst("db-9"));
  }

  @Test
  void S46_no_cooldown_is_none_however_often_it_is_doubled() {
    assertThat(Attempts.cooldown(Duration.ZERO, 999_999)).isEqualTo(Duration.ZERO);
  }

  @Test
  void S22_the_lowest_ordinal_first() {
    assertThat(
            stranded()
                .annotated(Names.MIN_READY, "1")
                .others(waiting(sibling("db-0", "n0")), sibling("db-2", "n2"))
                .judged())
        .isEqualTo(new Verdict.Hold.LowerOrdinalFirst("db-0"));
  }

  @Test
  void S22_siblings_that_are_made_only_after_this_pod_are_waited_for_in_vain_and_it_says_so() {
    assertThat(stranded().others(sibling("db-0", "n0")).judged())
        .isEqualTo(new Verdict.Hold.SiblingsWaitForThisPod(1, 2, 2));
  }

  @Test
  void S46_a_claim_of_ours_waits_out_its_cooldown() {
    assertThat(stranded().storage(attempt(1, NOW.minusSeconds(60))).judged())
        .isEqualTo(
            new Verdict.Hold.Cooldown("data-db-1", 1, Duration.ofMinutes(5), NOW.plusSeconds(240)));
    assertThat(stranded().storage(attempt(1, NOW.minusSeconds(300))).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S46_the_cooldown_doubles_per_attempt_up_to_an_hour() {
    assertThat(stranded().storage(attempt(3, NOW)).judged())
        .isEqualTo(
            new Verdict.Hold.Cooldown(
                "data-db-1", 3, Duration.ofMinutes(20), NOW.plusSeconds(1200)));
    assertThat(stranded().storage(attempt(99, NOW)).judged())
        .isEqualTo(
            new Verdict.Hold.Cooldown("data-db-1", 99, Duration.ofHours(1), NOW.plusSeconds(3600)));
  }

  @Test
  void S46_a_young_claim_of_a_young_set_is_not_held() {
    assertThat(
            stranded()
                .storage(attempt(0, NOW.minusSeconds(120)))
                .set(
                    set ->
                        new OwningSet(
                            set.id(),
                            0,
                            3,
                            set.claimTemplates(),
                            Map.of(),
                            set.templateAnnotations(),
                            true,
                            Duration.ZERO,
                            NOW.minusSeconds(121),
                            false))
                .judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S46_a_young_claim_of_an_old_set_is_held_even_without_our_mark() {
    assertThat(stranded().storage(attempt(0, NOW.minusSeconds(120))).judged())
        .isInstanceOf(Verdict.Hold.Cooldown.class);
  }

  @Test
  void S46_a_person_clears_it_by_removing_the_number_from_a_claim_of_ours() {
    assertThat(stranded().storage(attempt(Map.of(), true, NOW)).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S46_a_person_clears_it_by_a_zero_on_a_claim_that_bears_no_number() {
    assertThat(stranded().storage(attempt(Map.of(Names.ATTEMPT, "0"), false, NOW)).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void a_claim_is_marked_once_also_where_a_person_has_cleared_the_guard_since() {
    assertThat(Attempts.marked(claim("data-db-1", "pv-1"))).isFalse();
    assertThat(Attempts.marked(claimOf(attempt(Map.of(Names.ATTEMPT, "2"), true, NOW)))).isTrue();
    assertThat(Attempts.marked(claimOf(attempt(Map.of(), true, NOW)))).isTrue();
    assertThat(Attempts.marked(claimOf(attempt(Map.of(Names.ATTEMPT, "0"), false, NOW)))).isTrue();
  }

  @Test
  void S46_the_count_goes_on_with_every_recovery() {
    assertThat(Attempts.next(claimOf(attempt(2, NOW.minus(Duration.ofDays(3)))))).isEqualTo(3);
    assertThat(Attempts.next(claim("data-db-1", "pv-1"))).isEqualTo(1);
  }

  @Test
  void S46_a_recovery_has_held_once_the_pod_was_Ready_for_twice_its_cooldown() {
    Claim second = claimOf(attempt(2, NOW.minus(Duration.ofHours(2))));
    Pod ready = readySince(sibling("db-1", "n3"), NOW.minus(Duration.ofMinutes(20)));
    Duration usual = Duration.ofMinutes(5);
    assertThat(Attempts.held(second, ready, usual, NOW)).isTrue();
    assertThat(Attempts.held(second, ready, usual, NOW.minusSeconds(1))).isFalse();
    assertThat(Attempts.held(second, Given.notReady(ready), usual, NOW)).isFalse();
    assertThat(Attempts.held(second, sibling("db-0", "n0"), usual, NOW)).isFalse();
  }

  @Test
  void S21_the_brake_holds_when_too_much_is_lost_at_once() {
    Traffic gone =
        new Traffic(Optional.empty(), 0, Optional.empty(), List.of(), Set.of("n1", "n4"));
    assertThat(stranded().brake(33).traffic(gone).judged())
        .isEqualTo(
            new Verdict.Hold.BrakeOn(
                List.of("n1", "n4"), 5, new dev.refloat.settings.Percentage(33)));
    assertThat(stranded().brake(40).traffic(gone).judged()).isInstanceOf(Verdict.Recover.class);
    assertThat(stranded().brake(100).traffic(gone).judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S21_nodes_that_vanished_or_are_not_ready_count_as_lost() {
    assertThat(stranded().brake(33).alsoNode(notReady(node("n4"))).vanished("n1").judged())
        .isEqualTo(
            new Verdict.Hold.BrakeOn(
                List.of("n1", "n4"), 5, new dev.refloat.settings.Percentage(33)));
  }

  @Test
  void S18_S21_a_node_that_a_volume_calls_by_its_hostname_counts_once() {
    Node down =
        tainted(
            notReady(labelled(node("ip-10-0-0-1"), Map.of("kubernetes.io/hostname", "n1"))),
            "node.kubernetes.io/out-of-service");
    Traffic gone = new Traffic(Optional.empty(), 0, Optional.empty(), List.of(), Set.of("n1"));
    assertThat(stranded().brake(0).alsoNode(down).traffic(gone).judged())
        .isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S16_S21_a_node_that_is_out_of_service_counts_as_lost_however_Ready_it_says_it_is() {
    Node one = tainted(node("n4"), "node.kubernetes.io/out-of-service");
    Node two = tainted(node("n5"), "node.kubernetes.io/out-of-service");
    assertThat(stranded().brake(33).alsoNode(one).alsoNode(two).judged())
        .isEqualTo(
            new Verdict.Hold.BrakeOn(
                List.of("n4", "n5"), 5, new dev.refloat.settings.Percentage(33)));
  }

  @Test
  void S21_one_lost_node_is_never_too_much() {
    Traffic gone = new Traffic(Optional.empty(), 0, Optional.empty(), List.of(), Set.of("n1"));
    assertThat(stranded().brake(0).traffic(gone).judged()).isInstanceOf(Verdict.Recover.class);
  }

  @Test
  void S23_concurrency_and_rate_are_bounded() {
    Traffic full = new Traffic(Optional.empty(), 10, Optional.empty(), List.of(), Set.of());
    assertThat(stranded().traffic(full).judged()).isEqualTo(new Verdict.Hold.TooManyAtOnce(10, 10));
    Traffic fast =
        new Traffic(Optional.empty(), 0, Optional.of(NOW.plusSeconds(2)), List.of(), Set.of());
    assertThat(stranded().traffic(fast).judged())
        .isEqualTo(new Verdict.Hold.RateLimited(NOW.plusSeconds(2)));
  }

  private static PodStorage handmade(boolean immediate) {
    return new PodStorage.Present(
        new Pod.ClaimRef("data", "data-db-1", false),
        claim("data-db-1", "pv-1"),
        volume("pv-1", "data-db-1", "n1"),
        Optional.of(
            new StorageClass("fast", STATIC, immediate, Optional.empty(), Optional.empty())));
  }

  /** Of a driver that says how many GiB are left on n3. */
  private static PodStorage dynamic(Optional<NodeSelector> topologies, long gib) {
    StorageClass.Capacity left =
        new StorageClass.Capacity(Optional.of(hostname("n3")), gib * Long.parseLong(GIB));
    return new PodStorage.Present(
        new Pod.ClaimRef("data", "data-db-1", false),
        claim("data-db-1", "pv-1"),
        volume("pv-1", "data-db-1", "n1"),
        Optional.of(
            new StorageClass("fast", "topolvm.io", false, topologies, Optional.of(List.of(left)))));
  }

  private static PodStorage attempt(int attempt, Instant createdAt) {
    return attempt(
        attempt == 0 ? Map.of() : Map.of(Names.ATTEMPT, Integer.toString(attempt)),
        attempt > 0,
        createdAt);
  }

  private static PodStorage attempt(
      Map<String, String> annotations, boolean recovered, Instant createdAt) {
    Claim plain = claim("data-db-1", "pv-1");
    Claim made =
        new Claim(
            id("data-db-1", "uid-data-db-1"),
            "Bound",
            plain.volumeName(),
            plain.storageClass(),
            annotations,
            recovered,
            plain.finalizers(),
            createdAt,
            false,
            Optional.empty(),
            plain.bytes(),
            plain.accessModes(),
            plain.mode());
    return present(made, volume("pv-1", "data-db-1", "n1"));
  }

  private static Claim claimOf(PodStorage storage) {
    return ((PodStorage.Present) storage).claim();
  }
}
