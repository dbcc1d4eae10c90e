package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");

  private Instant now = NOW;
  private final RetryAfter retryAfter = new RetryAfter(() -> now);

  @Test
  void nobody_has_asked_for_anything() {
    assertThat(retryAfter.until()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"429, 3", "503, 3", "429, ' 3 '"})
  void S47_a_refusal_that_says_when_to_ask_again_is_obeyed_until_then(int code, String header) {
    retryAfter.answered(code, Optional.of(header));

    assertThat(retryAfter.until()).contains(NOW.plusSeconds(3));
    now = NOW.plusSeconds(3);
    assertThat(retryAfter.until()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "200, 3",
    "403, 3",
    "500, 3",
    "429, ",
    "429, soon",
    "429, 0",
    "429, -3",
    "429, 99999999999",
    "429, 'Sat, 28 Nov 2026 10:00:03 GMT'"
  })
  void any_other_answer_asks_for_nothing(int code, String header) {
    retryAfter.answered(code, Optional.ofNullable(header));

    assertThat(retryAfter.until()).isEmpty();
  }

  @Test
  void who_asks_for_an_hour_is_left_alone_for_a_minute() {
    retryAfter.answered(429, Optional.of("3600"));

    assertThat(retryAfter.until()).contains(NOW.plus(Duration.ofMinutes(1)));
  }

  @Test
  void a_shorter_wait_does_not_end_a_longer_one() {
    retryAfter.answered(429, Optional.of("30"));
    now = NOW.plusSeconds(1);
    retryAfter.answered(429, Optional.of("1"));

    assertThat(retryAfter.until()).contains(NOW.plusSeconds(30));
  }

  @Test
  void S51_a_clock_that_is_set_back_does_not_make_it_last_longer() {
    retryAfter.answered(429, Optional.of("30"));
    now = NOW.minus(Duration.ofHours(1));

    assertThat(retryAfter.until()).isEmpty();
    retryAfter.answered(429, Optional.of("3"));
    assertThat(retryAfter.until()).contains(now.plusSeconds(3));
  }
}
