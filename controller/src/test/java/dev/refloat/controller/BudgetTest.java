package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

  @Test
  void S23_no_more_recoveries_at_once_than_there_are_places() {
    Budget budget = new Budget(2, 100, TEN);

    Budget.Place first = budget.begin(TEN).orElseThrow();
    assertThat(budget.begin(TEN)).isPresent();
    assertThat(budget.begin(TEN)).isEmpty();

    first.close();
    assertThat(budget.begin(TEN)).isPresent();
  }

  @Test
  void a_place_that_is_given_back_twice_counts_once() {
    Budget budget = new Budget(1, 100, TEN);
    Budget.Place first = budget.begin(TEN).orElseThrow();
    first.close();
    first.close();

    assertThat(budget.traffic(TEN, Optional.empty(), Set.of()).inFlight()).isZero();
  }

  @Test
  void S23_the_rate_holds_a_minutes_worth_and_refills_evenly() {
    Budget budget = new Budget(100, 30, TEN);
    for (int i = 0; i < 30; i++) {
      assertThat(budget.begin(TEN)).isPresent();
    }
    assertThat(budget.begin(TEN)).isEmpty();
    assertThat(budget.traffic(TEN, Optional.empty(), Set.of()).nextAllowed())
        .contains(TEN.plusSeconds(2));
    assertThat(budget.begin(TEN.plusSeconds(2))).isPresent();
    assertThat(budget.begin(TEN.plusSeconds(2))).isEmpty();
  }

  @Test
  void S51_a_clock_that_is_set_back_gives_nothing_away() {
    Budget budget = new Budget(100, 1, TEN);
    assertThat(budget.begin(TEN)).isPresent();

    assertThat(budget.begin(TEN.minusSeconds(3600))).isEmpty();
  }
}
