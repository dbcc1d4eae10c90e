package dev.refloat.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Mistake;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Verdict;
import dev.refloat.settings.Percentage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordsTest {

  private static final ObjectId POD = new ObjectId("shop", "db-1", "u", "7");
  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00.123Z");

  @Test
  void a_hold_says_who_waits_for_whom_and_that_nothing_was_deleted() {
    assertThat(
            Words.of(POD, new Verdict.Hold.SiblingsNotReady(1, 2, 2, List.of("db-2 is not Ready"))))
        .isEqualTo(
            "holding db-1: 1 of 2 other replicas is Ready, all 2 must be (refloat.dev/min-ready) (db-2 is not Ready); mend those first, the data may live nowhere else; nothing was deleted");
  }

  @Test
  void a_grace_period_says_since_when_and_until_when() {
    assertThat(
            Words.of(
                POD,
                new Verdict.Hold.GracePeriod(
                    "data-db-1", "node n1", LostState.GONE, TEN, TEN.plusSeconds(15))))
        .isEqualTo(
            "holding db-1: node n1 of its claim data-db-1 is lost (node-gone) since 2026-11-23T10:00:00Z, grace period until 2026-11-23T10:00:15Z; if it is not back by then, claim and pod are deleted and made anew; `kubectl annotate --overwrite statefulset -n shop db refloat.dev/paused=true` stops that; nothing was deleted yet");
  }

  @Test
  void a_full_node_is_not_blamed_on_the_volume() {
    assertThat(Words.of(POD, new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1")))
        .startsWith(
            "leaving db-1 alone: the node of its claim data-db-1 is there: n1 is Ready and takes pods");
  }

  @Test
  void the_loop_guard_uses_the_phrase_that_operators_grep_for_and_says_how_to_clear_it() {
    assertThat(
            Words.of(POD, new Verdict.Hold.Cooldown("data-db-1", 2, Duration.ofMinutes(10), TEN)))
        .contains(
            "skipping to avoid loop",
            "recovery 2",
            "10m",
            "once the pod has been Ready for 20m",
            "so it is left until 2026-11-23T10:00:00Z",
            "`kubectl annotate pvc -n shop data-db-1 refloat.dev/attempt-`");
    assertThat(Words.of(POD, new Verdict.Hold.Cooldown("data-db-1", 0, Duration.ofMinutes(5), TEN)))
        .contains(
            "was made less than 5m ago",
            "`kubectl annotate pvc -n shop data-db-1 refloat.dev/attempt=0`")
        .doesNotContain("recovery 0");
  }

  @Test
  void the_brake_names_the_nodes_and_says_how_to_lift_it() {
    assertThat(Words.of(POD, new Verdict.Hold.BrakeOn(List.of("n1", "n4"), 5, new Percentage(33))))
        .contains("2 of 5 nodes (n1; n4)", "33%", "only if the machines are known to be off");
  }

  @Test
  void a_state_that_is_not_opted_in_names_both() {
    assertThat(
            Words.of(
                POD,
                new Verdict.Leave.StateNotOptedIn(
                    "data-db-1",
                    "node n1",
                    new TreeSet<>(Set.of(LostState.NOT_READY, LostState.CORDONED)),
                    new TreeSet<>(Set.of(LostState.GONE)))))
        .isEqualTo(
            "leaving db-1 alone: node n1 of its claim data-db-1 is node-not-ready, node-cordoned, but the opt-in names node-gone only (refloat.dev/recover), so the pod waits until the node is back, or until its Node object is deleted because the machine is off for good");
  }

  @Test
  void what_is_to_be_deleted_is_said_before_it_is() {
    ObjectId claim = new ObjectId("shop", "data-db-1", "c", "5");
    Plan.Step delete = new Plan.Step.DeleteClaim(claim, Optional.of("pv-1"));
    Plan.Step keep =
        new Plan.Step.KeepData(
            new ObjectId("", "pv-1", "v", "3"),
            "Delete",
            new Plan.KeptFor("shop", "data-db-1", "c", "db", 1));
    Plan.Step pod = new Plan.Step.DeletePod(POD);

    assertThat(Words.of(POD, new Verdict.Recover(new Plan(List.of(keep, delete, pod), "why"))))
        .isEqualTo(
            "refloating db-1: giving up claim data-db-1, which its StatefulSet makes anew with the pod (volume pv-1 is kept): why");
    assertThat(Words.of(POD, new Verdict.Recover(new Plan(List.of(delete, pod), "why"))))
        .contains("(no volume is kept)");
    assertThat(Words.of(POD, new Verdict.Recover(new Plan(List.of(pod), "why"))))
        .isEqualTo("refloating db-1: deleting the pod only: why");
  }

  @Test
  void the_remedy_for_siblings_that_wait_gives_no_more_of_the_guard_up_than_it_must() {
    assertThat(Words.of(POD, new Verdict.Hold.SiblingsWaitForThisPod(1, 2, 2)))
        .contains("refloat.dev/min-ready: \"1\"", "only 1 other replica is known to be well")
        .contains("put the old value back");
    assertThat(Words.of(POD, new Verdict.Hold.SiblingsWaitForThisPod(0, 2, 2)))
        .contains("refloat.dev/min-ready: \"0\"", "no other replica is known to be well");
  }

  @Test
  void of_a_lost_volume_no_node_is_asked_back() {
    assertThat(
            Words.of(
                POD,
                new Verdict.Leave.StateNotOptedIn(
                    "data-db-1",
                    "volume pvc-1",
                    new TreeSet<>(Set.of(LostState.GONE)),
                    new TreeSet<>(Set.of(LostState.NOT_READY)))))
        .startsWith("leaving db-1 alone: volume pvc-1")
        .endsWith("so the pod waits until it is back");
  }

  @Test
  void a_claim_on_its_way_out_is_not_said_to_be_untouched() {
    assertThat(
            Words.of(
                POD,
                new Verdict.Hold.ClaimTerminating(
                    "data-db-1", List.of("kubernetes.io/pvc-protection"))))
        .doesNotContain("nothing was deleted");
    assertThat(Words.of(POD, new Verdict.Hold.ClaimTerminating("data-db-1", List.of())))
        .endsWith(
            "is being deleted; to keep its data, set its volume to Retain now, while the claim is there");
    assertThat(Words.of(POD, new Verdict.Hold.ClaimAbsent("data-db-1", TEN)))
        .doesNotContain("nothing was deleted");
  }

  @Test
  void S10_a_claim_of_a_living_node_is_never_advised_away_without_its_data_kept_first() {
    assertThat(
            Words.of(
                POD, new Verdict.Leave.PinnedNodeReplaced("data-db-1", "n1", TEN, "pv-1", TEN)))
        .containsSubsequence(
            "kubectl patch pv pv-1",
            "Retain",
            "`kubectl delete pvc -n shop data-db-1 --wait=false`",
            "`kubectl delete pod -n shop db-1`")
        .hasSizeLessThan(1024);
  }

  @Test
  void words_about_five_thousand_nodes_fit_an_Event() {
    List<String> nodes =
        IntStream.range(0, 5000)
            .mapToObj(i -> "node-" + i + ": the pod does not select it")
            .toList();

    assertThat(Words.of(POD, new Verdict.Hold.NowhereToGo(nodes)))
        .hasSizeLessThan(1024)
        .contains("and 4995 more");
  }

  @Test
  void what_users_write_is_one_short_line() {
    List<Mistake> mistakes =
        IntStream.range(0, 40)
            .mapToObj(i -> new Mistake("refloat.dev/after", "so\non" + "x".repeat(3000), "less"))
            .toList();

    assertThat(Words.of(POD, new Verdict.Leave.OptInMalformed("pod", mistakes)))
        .hasSizeLessThan(1000)
        .contains("refloat.dev/after is \"so?onxxx", "expected less", "and 37 more", "mend it")
        .doesNotContain("\n");
  }

  @Test
  void many_users_of_a_claim_are_not_a_page() {
    List<String> pods = IntStream.range(0, 60).mapToObj(i -> "backup-" + i).toList();

    assertThat(Words.of(POD, new Verdict.Hold.ClaimInUse("data-db-1", pods)))
        .contains("backup-4; and 55 more as well");
  }
}
