package dev.refloat.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "15s, PT15S",
    "10m, PT10M",
    "1h30m, PT1H30M",
    "8760h, PT8760H",
    "1h2m3s4ms, PT1H2M3.004S",
    "1h5ms, PT1H0.005S",
    "90m, PT1H30M",
    "0s, PT0S",
    "0h, PT0S",
    "999999999h, PT999999999H",
  })
  void reads_a_duration(String text, Duration expected) {
    assertThat(Durations.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "15",
        "0",
        "s",
        "-5s",
        "+5s",
        " 15s",
        "15s ",
        "15 s",
        "1h 30m",
        "30m1h",
        "1s1s",
        "1.5h",
        "1d",
        "15S",
        "1000000000h",
        "99999999999999999999s",
        "٣s",
        "15s\n",
        "1ms1s",
        "PT15S"
      })
  void refuses_what_is_not_clearly_one(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.5S, 500ms",
    "PT15S, 15s",
    "PT1M30S, 1m30s",
    "PT1H, 1h",
    "PT8760H, 8760h",
    "PT1H2M3.004S, 1h2m3s4ms",
    "PT0.0009S, 0s",
  })
  void prints_the_shortest_text(Duration duration, String expected) {
    assertThat(Durations.print(duration)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999, 1_000, 59_999, 3_600_000, 3_661_001, 86_400_000, 1L << 50})
  void reads_back_what_it_prints(long millis) {
    Duration duration = Duration.ofMillis(millis);

    assertThat(Durations.parse(Durations.print(duration))).contains(duration);
  }

  @Test
  void has_no_words_for_a_negative_one() {
    assertThatThrownBy(() -> Durations.print(Duration.ofSeconds(-5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-5S");
  }
}
