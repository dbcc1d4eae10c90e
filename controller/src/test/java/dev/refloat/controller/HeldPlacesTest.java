package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeldPlacesTest {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private final Budget budget = new Budget(1, 60, NOW);
  private long nanos = Long.MAX_VALUE - 5; // it may overflow
  private final HeldPlaces places = new HeldPlaces(() -> nanos);
  private final Budget.Place slow = begin("slow").orElseThrow();

  HeldPlacesTest() {
    places.hold(slow);
  }

  private Optional<Budget.Place> begin(String set) {
    return budget.begin(new SetKey("shop", set), List.of(), NOW);
  }

  @Test
  void S57_a_recovery_that_takes_longer_than_a_minute_keeps_nobody_waiting() {
    nanos += HeldPlaces.AT_MOST.toNanos();
    assertThat(places.giveBackLate()).as("within the minute").isFalse();
    assertThat(begin("next")).isEmpty();

    nanos++;

    assertThat(places.giveBackLate()).isTrue();
    assertThat(begin("next")).isPresent();
  }

  @Test
  void S57_what_ends_late_gives_back_no_place_that_is_another_ones_by_then() {
    nanos += HeldPlaces.AT_MOST.toNanos() + 1;
    assertThat(places.giveBackLate()).isTrue();
    assertThat(begin("next")).isPresent();

    places.giveBack(slow);

    assertThat(begin("third")).isEmpty();
  }
}
