package dev.refloat.controller.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ToldVerdictsTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");
  private static final Instant TEN = Instant.parse("2026-11-24T10:00:00Z");
  private static final Verdict GATED = new Verdict.Leave.Gated();
  private static final Verdict NOWHERE = new Verdict.Hold.ClaimInUse("data-db-0", List.of());

  private final ToldVerdicts told = new ToldVerdicts();

  @Test
  void the_same_is_said_once_and_another_at_once() {
    assertThat(say("a", GATED, TEN)).isEqualTo(ToldVerdicts.News.NEW);
    assertThat(say("a", GATED, TEN.plusSeconds(1))).isEqualTo(ToldVerdicts.News.NONE);
    assertThat(say("b", GATED, TEN.plusSeconds(1))).isEqualTo(ToldVerdicts.News.NEW);
    assertThat(say("a", NOWHERE, TEN.plusSeconds(2))).isEqualTo(ToldVerdicts.News.NEW);
  }

  @Test
  void an_Event_is_written_again_before_the_API_server_drops_it() {
    say("a", GATED, TEN);
    Instant later = TEN.plus(Duration.ofMinutes(50));

    assertThat(say("a", GATED, later.minusSeconds(1))).isEqualTo(ToldVerdicts.News.NONE);
    assertThat(say("a", GATED, later)).isEqualTo(ToldVerdicts.News.EVENT_AGAIN);
    assertThat(say("a", GATED, later.plusSeconds(1))).isEqualTo(ToldVerdicts.News.NONE);
  }

  @Test
  void the_counts_are_of_the_pods_that_wait_now() {
    say("a", GATED, TEN);
    say("b", GATED, TEN);
    say("b", NOWHERE, TEN);
    var _ = told.now("c", LOG, GATED, "Gated", TEN);

    told.retain(DB, Set.of("b"));

    assertThat(told.counts())
        .isEqualTo(
            Map.of(
                new ToldVerdicts.Label("hold", "ClaimInUse"), 1,
                new ToldVerdicts.Label("leave", "Gated"), 1));
  }

  @Test
  void it_is_known_since_when_something_was_decided_about_a_pod_at_all() {
    say("a", GATED, TEN);
    say("a", NOWHERE, TEN.plusSeconds(7));

    assertThat(told.first(DB, "a")).hasValue(TEN);
    assertThat(told.first(DB, "b")).isEmpty();
  }

  private ToldVerdicts.News say(String uid, Verdict verdict, Instant at) {
    return told.now(uid, DB, verdict, verdict.reason(), at);
  }
}
