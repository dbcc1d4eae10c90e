package dev.refloat.lab.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistributionTest {

  private static Distribution upTo(int largest) {
    return new Distribution(
        IntStream.rangeClosed(1, largest).mapToObj(each -> (double) each).toList());
  }

  @Test
  void a_percentile_is_a_value_that_was_measured() {
    assertThat(upTo(1000).median()).isEqualTo(500);
    assertThat(upTo(1000).p99()).isEqualTo(990);
    assertThat(upTo(100).p99()).isEqualTo(99);
  }

  @Test
  void with_fewer_than_a_hundred_values_the_99th_percentile_is_the_largest() {
    assertThat(upTo(50).p99()).isEqualTo(50);
    assertThat(upTo(1).median()).isEqualTo(1);
    assertThat(upTo(1).p99()).isEqualTo(1);
  }

  @Test
  void the_order_of_measuring_does_not_matter() {
    Distribution mixed = new Distribution(List.of(3.0, 1.0, 2.0));

    assertThat(mixed.median()).isEqualTo(2);
    assertThat(mixed.largest()).isEqualTo(3);
  }

  @Test
  void nothing_measured_is_no_distribution() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Distribution(List.of()));
  }
}
