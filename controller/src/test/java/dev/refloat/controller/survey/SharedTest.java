package dev.refloat.controller.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SharedTest {

  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private int asked;
  private boolean broken;
  private final Shared<String, Integer> shared =
      new Shared<>(
          Duration.ofSeconds(1),
          () -> now,
          _ -> {
            asked++;
            if (broken) {
              throw new IllegalStateException("no answer");
            }
            return asked;
          });

  @Test
  void an_answer_is_shared_for_its_time_and_no_longer() {
    assertThat(shared.get("shop", Instant.MIN)).isEqualTo(1);
    now = now.plusMillis(999);
    assertThat(shared.get("shop", Instant.MIN)).isEqualTo(1);

    now = now.plusMillis(1);
    assertThat(shared.get("shop", Instant.MIN)).isEqualTo(2);
  }

  @Test
  void S48_what_was_asked_before_something_happened_is_not_shared_after_it() {
    shared.get("shop", Instant.MIN);
    now = now.plusMillis(10);

    assertThat(shared.get("shop", now)).isEqualTo(2);
  }

  @Test
  void S35_one_key_does_not_answer_for_another() {
    shared.get("shop", Instant.MIN);

    assertThat(shared.get("bank", Instant.MIN)).isEqualTo(2);
  }

  @Test
  void S51_an_answer_from_the_future_is_none() {
    shared.get("shop", Instant.MIN);
    now = now.minusSeconds(1);

    assertThat(shared.get("shop", Instant.MIN)).isEqualTo(2);
  }

  @Test
  void S47_a_failure_is_shared_with_nobody() {
    broken = true;
    assertThatThrownBy(() -> shared.get("shop", Instant.MIN))
        .isInstanceOf(IllegalStateException.class);
    broken = false;

    assertThat(shared.get("shop", Instant.MIN)).isEqualTo(2);
  }
}
