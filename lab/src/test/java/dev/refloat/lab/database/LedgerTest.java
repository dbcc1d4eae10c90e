package dev.refloat.lab.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.database.Ledger.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final Instant T = Instant.parse("2026-11-30T02:00:00Z");

  private static List<Promise> promised(long... numbers) {
    return Arrays.stream(numbers).mapToObj(number -> new Promise(number, at(number))).toList();
  }

  private static Instant at(long seconds) {
    return T.plusSeconds(seconds);
  }

  @Test
  void all_is_well_where_each_is_there_once_and_was_read() {
    Ledger ledger = new Ledger(promised(1, 2), List.of(1L, 2L, 3L), Set.of(1L, 2L));

    assertThat(ledger.lost()).isEmpty();
    assertThat(ledger.repeated()).isEmpty();
    assertThat(ledger.unread()).isEmpty();
  }

  @Test
  void what_was_promised_and_is_not_there_is_lost() {
    assertThat(new Ledger(promised(1, 2, 3), List.of(3L, 1L), Set.of(1L, 2L, 3L)).lost())
        .containsExactly(2L);
  }

  @Test
  void what_is_there_more_than_once_is_told() {
    assertThat(new Ledger(promised(1, 2), List.of(1L, 2L, 1L, 1L), Set.of()).repeated())
        .containsExactly(1L);
  }

  @Test
  void what_the_reader_was_not_handed_is_told() {
    assertThat(new Ledger(promised(1, 2), List.of(1L, 2L), Set.of(2L)).unread())
        .containsExactly(1L);
  }

  @Test
  void longest_pause_lies_between_the_two_moments() {
    Ledger ledger = new Ledger(promised(1, 2, 40, 43, 44, 90), List.of(), Set.of());

    assertThat(ledger.longestPause(at(41), at(46))).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void pause_that_goes_over_a_moment_counts_on_this_side_of_it() {
    Ledger ledger = new Ledger(promised(1, 40), List.of(), Set.of());

    assertThat(ledger.longestPause(at(10), at(50))).isEqualTo(Duration.ofSeconds(30));
    assertThat(ledger.longestPause(at(38), at(70))).isEqualTo(Duration.ofSeconds(30));
    assertThat(ledger.longestPause(at(45), at(70))).isEqualTo(Duration.ofSeconds(25));
  }
}
