package dev.refloat.controller.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ComplaintsTest {

  private static final Instant TEN = Instant.parse("2026-11-28T10:00:00Z");

  private final Complaints complaints = new Complaints(Duration.ofMinutes(1));

  @Test
  void the_first_is_said_at_once_and_the_others_together_a_minute_later() {
    assertThat(complaints.oneMore(TEN)).contains(1);
    assertThat(complaints.oneMore(TEN.plusSeconds(1))).isEmpty();
    assertThat(complaints.oneMore(TEN.plusSeconds(59))).isEmpty();

    assertThat(complaints.oneMore(TEN.plusSeconds(60))).contains(3);
    assertThat(complaints.oneMore(TEN.plusSeconds(61))).isEmpty();
  }

  @Test
  void a_clock_that_is_set_back_silences_nobody() {
    var _ = complaints.oneMore(TEN);

    assertThat(complaints.oneMore(TEN.minusSeconds(3600))).contains(1);
  }
}
