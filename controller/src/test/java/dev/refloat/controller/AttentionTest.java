package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttentionTest {

  private static final Duration OFTEN = Duration.ofMillis(500);
  private static final Duration FIVE_SECONDS = Duration.ofSeconds(5);
  private static final Duration LONGER = Duration.ofMillis(5_001);

  private Instant wall = Instant.parse("2026-11-28T10:00:00Z");
  private long ticks = Long.MAX_VALUE - 1; // they may overflow at any time
  private final Attention attention = new Attention(() -> wall, () -> ticks);

  @Test
  void who_looks_often_is_never_interrupted() {
    for (int look = 0; look < 100; look++) {
      pass(OFTEN, OFTEN);

      assertThat(attention.lapse()).isEmpty();
    }
  }

  @Test
  void S51_a_process_that_was_paused_was_not_looking() {
    pass(FIVE_SECONDS, FIVE_SECONDS);
    assertThat(attention.lapse()).isEmpty();

    pass(LONGER, LONGER);

    assertThat(attention.lapse()).contains(LONGER);
    assertThat(attention.lapse()).as("told once").isEmpty();
  }

  @Test
  void S51_a_machine_that_was_asleep_shows_on_the_wall_clock_alone() {
    pass(Duration.ofHours(8), OFTEN);

    assertThat(attention.lapse()).contains(Duration.ofHours(8));
  }

  @Test
  void S51_a_clock_that_is_set_back_shows_on_the_wall_clock_alone() {
    pass(Duration.ofMinutes(-10), OFTEN);

    assertThat(attention.lapse()).contains(Duration.ofMinutes(-10));
  }

  @Test
  void S51_a_clock_that_is_set_back_during_a_pause_does_not_hide_it() {
    pass(Duration.ZERO, LONGER);

    assertThat(attention.lapse()).contains(Duration.ZERO);
  }

  @Test
  void a_clock_that_is_disciplined_by_seconds_is_no_interruption() {
    pass(Duration.ofSeconds(-3), OFTEN);

    assertThat(attention.lapse()).isEmpty();
  }

  private void pass(Duration onTheWall, Duration inTicks) {
    wall = wall.plus(onTheWall);
    ticks += inTicks.toNanos();
  }
}
