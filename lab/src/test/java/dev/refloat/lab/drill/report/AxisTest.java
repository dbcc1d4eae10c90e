package dev.refloat.lab.drill.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {

  @Test
  void seconds_are_spread_from_end_to_end() {
    Axis axis = new Axis(10, 20, 100, 300);

    assertThat(axis.x(10)).isEqualTo(100);
    assertThat(axis.x(15)).isEqualTo(200);
    assertThat(axis.x(20)).isEqualTo(300);
  }

  @ParameterizedTest
  @CsvSource({"0, 0.1", "0, 13", "5.4, 8.6", "0, 3600", "299.9, 300.1"})
  void there_are_some_round_ticks_within_it(double from, double to) {
    assertThat(new Axis(from, to, 0, 900).ticks())
        .hasSizeBetween(1, 12)
        .allSatisfy(tick -> assertThat(tick.x()).isBetween(0L, 900L));
  }
}
