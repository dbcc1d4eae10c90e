package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BudgetTest {

  private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");
  private static final SetKey CART = new SetKey("shop", "cart");

  @Test
  void S23_no_more_recoveries_at_once_than_there_are_places() {
    Budget budget = new Budget(2, 100, TEN);

    Budget.Place first = budget.begin(DB, List.of(), TEN).orElseThrow();
    assertThat(budget.begin(DB, List.of(), TEN)).isPresent();
    assertThat(budget.begin(DB, List.of(), TEN)).isEmpty();

    first.close();
    assertThat(budget.begin(DB, List.of(), TEN)).isPresent();
  }

  @Test
  void a_place_that_is_given_back_twice_counts_once() {
    Budget budget = new Budget(1, 100, TEN);
    Budget.Place first = budget.begin(DB, List.of(), TEN).orElseThrow();
    first.close();
    first.close();

    assertThat(budget.traffic(DB, TEN, Optional.empty(), Set.of()).inFlight()).isZero();
  }

  @Test
  void S23_the_rate_holds_a_minutes_worth_and_refills_evenly() {
    Budget budget = new Budget(100, 30, TEN);
    for (int i = 0; i < 30; i++) {
      assertThat(budget.begin(DB, List.of(), TEN)).isPresent();
    }
    assertThat(budget.begin(DB, List.of(), TEN)).isEmpty();
    assertThat(budget.traffic(DB, TEN, Optional.empty(), Set.of()).nextAllowed())
        .contains(TEN.plusSeconds(2));
    assertThat(budget.begin(DB, List.of(), TEN.plusSeconds(2))).isPresent();
    assertThat(budget.begin(DB, List.of(), TEN.plusSeconds(2))).isEmpty();
  }

  @Test
  void S23_who_asks_late_with_an_older_time_does_not_make_time_count_twice() {
    Budget budget = new Budget(100, 1, TEN);
    budget.begin(DB, List.of(), TEN);
    var _ = budget.call(TEN.plusSeconds(40));
    var _ = budget.traffic(DB, TEN.plusSeconds(20), Optional.empty(), Set.of());

    assertThat(budget.begin(DB, List.of(), TEN.plusSeconds(59))).isEmpty();
    assertThat(budget.begin(DB, List.of(), TEN.plusSeconds(60))).isPresent();
  }

  @Test
  void S51_a_clock_that_is_set_back_gives_nothing_away() {
    Budget budget = new Budget(100, 1, TEN);
    assertThat(budget.begin(DB, List.of(), TEN)).isPresent();

    assertThat(budget.begin(DB, List.of(), TEN.minusSeconds(3600))).isEmpty();
  }

  @Test
  void S23_a_place_that_becomes_free_calls_the_one_who_waited_longest_and_nobody_else() {
    Budget budget = new Budget(1, 100, TEN);
    Budget.Place place = budget.begin(DB, List.of(), TEN).orElseThrow();
    budget.await(LOG);
    budget.await(CART);
    assertThat(budget.call(TEN).now()).isEmpty();

    place.close();

    assertThat(budget.call(TEN).now()).containsExactly(LOG);
    assertThat(budget.call(TEN).now()).as("its place is kept for it").isEmpty();
    assertThat(budget.begin(CART, List.of(), TEN)).as("nobody is faster").isEmpty();
    assertThat(budget.begin(LOG, List.of(), TEN)).isPresent();
  }

  @Test
  void S23_a_place_that_is_kept_for_one_set_is_not_there_for_another() {
    Budget budget = new Budget(1, 100, TEN);
    budget.await(LOG);
    budget.call(TEN);

    assertThat(budget.traffic(LOG, TEN, Optional.empty(), Set.of()).inFlight()).isZero();
    assertThat(budget.traffic(CART, TEN, Optional.empty(), Set.of()).inFlight()).isEqualTo(1);
  }

  @Test
  void S23_what_the_rate_allows_and_is_kept_for_one_set_is_not_there_for_another() {
    Budget budget = new Budget(100, 1, TEN);
    budget.await(LOG);
    budget.call(TEN);

    assertThat(budget.traffic(LOG, TEN, Optional.empty(), Set.of()).nextAllowed()).isEmpty();
    assertThat(budget.traffic(CART, TEN, Optional.empty(), Set.of()).nextAllowed())
        .contains(TEN.plusSeconds(60));
  }

  @Test
  void who_was_called_and_does_not_want_it_any_more_makes_room_for_the_next() {
    Budget budget = new Budget(1, 100, TEN);
    budget.await(LOG);
    budget.await(CART);
    assertThat(budget.call(TEN).now()).containsExactly(LOG);

    budget.leave(LOG);

    assertThat(budget.call(TEN).now()).containsExactly(CART);
  }

  @Test
  void who_was_called_in_vain_is_first_again() {
    Budget budget = new Budget(1, 100, TEN);
    budget.await(LOG);
    budget.await(CART);
    budget.call(TEN);

    budget.await(LOG);

    assertThat(budget.call(TEN).now()).containsExactly(LOG);
  }

  @Test
  void S23_who_waits_for_the_rate_only_is_told_the_time() {
    Budget budget = new Budget(100, 1, TEN);
    budget.begin(DB, List.of(), TEN);
    budget.await(LOG);
    budget.await(CART);

    Budget.Calls calls = budget.call(TEN);

    assertThat(calls.now()).isEmpty();
    assertThat(calls.next()).contains(LOG);
    assertThat(calls.at()).isEqualTo(TEN.plusSeconds(60));
    assertThat(budget.call(TEN.plusSeconds(60)).now()).containsExactly(LOG);
  }

  @Test
  void S45_what_a_recovery_gives_up_is_known_until_its_new_volumes_are_taken_and_a_moment_longer() {
    Budget budget = new Budget(2, 30, TEN);
    Claim claim =
        new Claim(
            new ObjectId("shop", "data-db-0", "c1", "1"),
            "Bound",
            Optional.of("pv-1"),
            Optional.of("fast"),
            Map.of(),
            false,
            Set.of(),
            TEN,
            false,
            Optional.empty(),
            1,
            Set.of(),
            "Filesystem");
    Budget.Place place = budget.begin(DB, List.of(claim), TEN).orElseThrow();

    assertThat(budget.traffic(DB, TEN, Optional.empty(), Set.of()).givenUp())
        .containsExactly(claim);
    // The last delete is done; nobody has taken the free volume yet.
    place.close();
    assertThat(budget.traffic(DB, TEN, Optional.empty(), Set.of()).givenUp())
        .containsExactly(claim);

    // Somebody may hold a list of free volumes that is a second old.
    budget.ended(DB, TEN.plusSeconds(9));
    budget.ended(DB, TEN.plusSeconds(12));
    assertThat(budget.traffic(DB, TEN.plusSeconds(14), Optional.empty(), Set.of()).givenUp())
        .containsExactly(claim);
    assertThat(budget.traffic(DB, TEN.plusSeconds(15), Optional.empty(), Set.of()).givenUp())
        .isEmpty();
  }
}
