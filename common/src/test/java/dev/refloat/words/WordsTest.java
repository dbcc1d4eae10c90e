package dev.refloat.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Mistake;
import dev.refloat.recovery.Verdict;
import dev.refloat.settings.Percentage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordsTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00.123Z");

  @Test
  void a_hold_says_who_waits_for_whom_and_that_nothing_was_deleted() {
    assertThat(
            Words.of(
                "db-1", new Verdict.Hold.SiblingsNotReady(1, 2, 2, List.of("db-2 is not Ready"))))
        .isEqualTo(
            "holding db-1: 1 of 2 other replicas is Ready, all 2 must be (refloat.dev/min-ready) (db-2 is not Ready); nothing was deleted");
  }

  @Test
  void a_grace_period_says_since_when_and_until_when() {
    assertThat(
            Words.of(
                "db-1",
                new Verdict.Hold.GracePeriod(
                    "data-db-1", "node n1", LostState.GONE, TEN, TEN.plusSeconds(15))))
        .isEqualTo(
            "holding db-1: node n1 of its claim data-db-1 is lost (node-gone) since 10:00:00Z, grace period until 10:00:15Z; nothing was deleted");
  }

  @Test
  void a_full_node_is_not_blamed_on_the_volume() {
    assertThat(Words.of("db-1", new Verdict.Leave.PinnedNodeHealthy("data-db-1", "n1")))
        .startsWith(
            "leaving db-1 alone: the node of its claim data-db-1 is there: n1 is Ready and takes pods");
  }

  @Test
  void the_loop_guard_uses_the_phrase_that_operators_grep_for_and_says_how_to_clear_it() {
    assertThat(
            Words.of(
                "db-1", new Verdict.Hold.Cooldown("data-db-1", 2, Duration.ofMinutes(10), TEN)))
        .contains(
            "skipping to avoid loop",
            "recovery 2",
            "10m",
            "once the pod has been Ready for 20m",
            "remove the claim's annotation refloat.dev/attempt");
  }

  @Test
  void the_brake_names_the_nodes_and_says_how_to_lift_it() {
    assertThat(
            Words.of("db-1", new Verdict.Hold.BrakeOn(List.of("n1", "n4"), 5, new Percentage(33))))
        .contains("2 of 5 nodes (n1; n4)", "33%", "raise REFLOAT_BRAKE and restart the controller");
  }

  @Test
  void a_state_that_is_not_opted_in_names_both() {
    assertThat(
            Words.of(
                "db-1",
                new Verdict.Leave.StateNotOptedIn(
                    "data-db-1",
                    "node n1",
                    new TreeSet<>(Set.of(LostState.NOT_READY, LostState.CORDONED)),
                    new TreeSet<>(Set.of(LostState.GONE)))))
        .isEqualTo(
            "leaving db-1 alone: node n1 of its claim data-db-1 is node-not-ready, node-cordoned, but the opt-in names node-gone only (refloat.dev/recover)");
  }

  @Test
  void words_about_five_thousand_nodes_fit_an_Event() {
    List<String> nodes =
        IntStream.range(0, 5000)
            .mapToObj(i -> "node-" + i + ": the pod does not select it")
            .toList();

    assertThat(Words.of("db-1", new Verdict.Hold.NowhereToGo(nodes)))
        .hasSizeLessThan(1024)
        .contains("and 4995 more");
  }

  @Test
  void what_users_write_is_one_short_line() {
    List<Mistake> mistakes =
        IntStream.range(0, 40)
            .mapToObj(i -> new Mistake("refloat.dev/after", "so\non" + "x".repeat(3000), "less"))
            .toList();

    assertThat(Words.of("db-1", new Verdict.Leave.OptInMalformed("pod", mistakes)))
        .hasSizeLessThan(1000)
        .contains("refloat.dev/after is \"so?onxxx", "expected less", "and 37 more", "mend it")
        .doesNotContain("\n");
  }

  @Test
  void many_users_of_a_claim_are_not_a_page() {
    List<String> pods = IntStream.range(0, 60).mapToObj(i -> "backup-" + i).toList();

    assertThat(Words.of("db-1", new Verdict.Hold.ClaimInUse("data-db-1", pods)))
        .contains("backup-4; and 55 more as well");
  }
}
