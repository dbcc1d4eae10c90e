package dev.refloat.certs;

import static dev.refloat.certs.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SightingsTest {

  private static final Duration GAP = Duration.ofMinutes(5);

  private final X509Certificate certificate = Fixtures.authority().certificate();

  @Test
  void what_was_seen_at_each_look_lasts_since_the_first_of_them() {
    Sightings seen = look(look(look(Sightings.NONE, 0), 3), 6);

    assertThat(seen.isTrustedFor(Duration.ofMinutes(6), certificate)).isTrue();
    assertThat(seen.isTrustedFor(Duration.ofMinutes(6).plusMillis(1), certificate)).isFalse();
    assertThat(seen.isStoredFor(Duration.ZERO, certificate)).isFalse();
  }

  @Test
  void what_was_not_there_at_one_look_begins_anew() {
    Sightings seen = look(Sightings.NONE, 0).and(List.of(), List.of(), minute(1), GAP);

    assertThat(seen.isTrustedFor(Duration.ZERO, certificate)).isFalse();
    assertThat(look(seen, 2).isTrustedFor(Duration.ofMinutes(1), certificate)).isFalse();
  }

  @Test
  void everything_begins_anew_after_a_gap_and_when_a_clock_was_set_back() {
    assertThat(look(look(Sightings.NONE, 0), 5).isTrustedFor(Duration.ofMillis(1), certificate))
        .isFalse();
    Sightings setBack = look(look(look(Sightings.NONE, 0), 4), 3);
    assertThat(setBack.isTrustedFor(Duration.ofMillis(1), certificate)).isFalse();
    assertThat(look(setBack, 4).isTrustedFor(Duration.ofMinutes(1), certificate)).isTrue();
  }

  @Test
  void serving_certificates_are_remembered_apart_from_those_that_are_trusted() {
    Sightings seen =
        Sightings.NONE
            .and(List.of(), List.of(certificate), minute(0), GAP)
            .and(List.of(), List.of(certificate), minute(1), GAP);

    assertThat(seen.isStoredFor(Duration.ofMinutes(1), certificate)).isTrue();
    assertThat(seen.isTrustedFor(Duration.ZERO, certificate)).isFalse();
  }

  private Sightings look(Sightings before, int minute) {
    return before.and(List.of(certificate), List.of(), minute(minute), GAP);
  }

  private static Instant minute(int minutes) {
    return NOW.plus(Duration.ofMinutes(minutes));
  }
}
