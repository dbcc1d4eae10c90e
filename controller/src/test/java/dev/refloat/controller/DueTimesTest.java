package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DueTimesTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");

  private final DueTimes times = new DueTimes();

  @Test
  void the_earliest_is_first_and_who_is_passed_over_stays() {
    times.put(DB, TEN.plusSeconds(2));
    times.put(LOG, TEN.plusSeconds(1));

    assertThat(times.first(Set.of())).contains(new DueTimes.Time(LOG, TEN.plusSeconds(1)));
    assertThat(times.first(Set.of(LOG))).contains(new DueTimes.Time(DB, TEN.plusSeconds(2)));
    assertThat(times.first(Set.of(LOG, DB))).isEmpty();
    assertThat(times.get(LOG)).contains(TEN.plusSeconds(1));
  }

  @Test
  void two_sets_of_the_same_time_are_both_there() {
    times.put(DB, TEN);
    times.put(LOG, TEN);

    assertThat(times.remove(DB)).contains(TEN);
    assertThat(times.first(Set.of())).contains(new DueTimes.Time(LOG, TEN));
  }

  @Test
  void a_later_time_does_not_replace_an_earlier_one_unless_it_is_put_there() {
    times.putEarlier(DB, TEN);
    times.putEarlier(DB, TEN.plusSeconds(5));
    assertThat(times.first(Set.of())).contains(new DueTimes.Time(DB, TEN));

    times.putEarlier(DB, TEN.minusSeconds(5));
    assertThat(times.first(Set.of())).contains(new DueTimes.Time(DB, TEN.minusSeconds(5)));

    times.put(DB, TEN.plusSeconds(9));
    assertThat(times.first(Set.of())).contains(new DueTimes.Time(DB, TEN.plusSeconds(9)));
  }

  @Test
  void only_a_time_that_has_come_is_taken_away() {
    times.put(DB, TEN);

    assertThat(times.removeIfCome(DB, TEN.minusMillis(1))).isEmpty();
    assertThat(times.removeIfCome(DB, TEN)).contains(TEN);
    assertThat(times.get(DB)).isEmpty();
  }

  @Test
  void all_are_taken_away_at_once() {
    times.put(DB, TEN);
    times.put(LOG, TEN);

    assertThat(times.clear()).containsExactlyInAnyOrder(DB, LOG);
    assertThat(times.first(Set.of())).isEmpty();
  }
}
