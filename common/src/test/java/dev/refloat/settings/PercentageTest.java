package dev.refloat.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PercentageTest {

  @ParameterizedTest
  @CsvSource({
    "33, 1, 3, true",
    "34, 1, 3, false",
    "50, 2, 4, false",
    "50, 3, 4, true",
    "0,  0, 5, false",
    "0,  1, 5000, true",
    "100, 5, 5, false",
    "99, 2000000000, 2000000000, true",
  })
  void is_exceeded_by_more_than_itself_only(int percent, int part, int whole, boolean exceeded) {
    assertThat(new Percentage(percent).isExceededBy(part, whole)).isEqualTo(exceeded);
  }
}
