package dev.refloat.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {

  private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

  private final Confirmations confirmations = new Confirmations();

  @Test
  void a_node_that_is_read_every_few_seconds_is_vouched_for() {
    confirmations.begin("n1", START);
    for (int second = 3; second < 60; second += 3) {
      confirmations.confirmed("n1", START.plusSeconds(second));
      assertThat(confirmations.overdue(START.plusSeconds(second + 2))).isEmpty();
    }
  }

  @Test
  void S10_a_gap_of_more_than_five_seconds_is_told_once_and_only_of_that_node() {
    confirmations.begin("n1", START);
    confirmations.begin("n2", START);
    confirmations.confirmed("n2", START.plusSeconds(3));

    assertThat(confirmations.overdue(START.plusMillis(5_000))).isEmpty();
    assertThat(confirmations.overdue(START.plusMillis(5_001))).containsExactly("n1");
    assertThat(confirmations.overdue(START.plusMillis(5_002))).isEmpty();
  }

  @Test
  void S51_a_clock_that_is_set_back_is_a_gap_as_well() {
    confirmations.begin("n1", START);

    assertThat(confirmations.overdue(START.minusSeconds(60))).containsExactly("n1");
  }

  @Test
  void a_read_that_ends_after_its_node_was_forgotten_vouches_for_nothing() {
    confirmations.begin("n1", START);
    confirmations.forget("n1");
    confirmations.confirmed("n1", START.plusSeconds(1));

    assertThat(confirmations.overdue(START.plusSeconds(60))).isEmpty();
  }

  @Test
  void an_answer_that_comes_late_does_not_make_a_newer_one_older() {
    confirmations.begin("n1", START);
    confirmations.confirmed("n1", START.plusSeconds(4));
    confirmations.confirmed("n1", START.plusSeconds(3));

    assertThat(confirmations.overdue(START.plusSeconds(9))).isEmpty();
  }

  @Test
  void S10_who_looks_again_after_more_than_five_seconds_has_not_seen_what_was_in_between() {
    confirmations.begin("n1", START);
    confirmations.confirmed("n1", START.plusMillis(5_001));

    assertThat(confirmations.overdue(START.plusSeconds(6))).containsExactly("n1");
    assertThat(confirmations.overdue(START.plusSeconds(7))).isEmpty();
  }
}
