package dev.refloat.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.figures.Distribution;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTest {

  private static Distribution of(double... values) {
    return new Distribution(Arrays.stream(values).boxed().toList());
  }

  @Test
  void below_is_about_the_99th_percentile_not_the_median() {
    Target below = new Target.Below(0.2, Unit.SECONDS);

    assertThat(below.met(of(0.1, 0.1, 0.19), Optional.empty())).contains(true);
    assertThat(below.met(of(0.1, 0.1, 0.2), Optional.empty())).contains(false);
  }

  @Test
  void times_floor_compares_medians() {
    Target times = new Target.TimesFloor(1.3);

    assertThat(times.met(of(1.0, 1.3, 9.0), Optional.of(of(1.0)))).contains(true);
    assertThat(times.met(of(1.31), Optional.of(of(1.0)))).contains(false);
  }

  @Test
  void without_a_floor_nobody_knows() {
    assertThat(new Target.TimesFloor(1.3).met(of(1), Optional.empty())).isEmpty();
    assertThat(new Target.Flat(1).met(of(1), Optional.empty())).isEmpty();
    assertThat(new Target.None().met(of(1), Optional.of(of(1)))).isEmpty();
  }

  @Test
  void flat_allows_what_two_measurements_of_the_same_thing_differ_by() {
    Target flat = new Target.Flat(4);

    assertThat(flat.met(of(13.9), Optional.of(of(10)))).as("within the slack").contains(true);
    assertThat(flat.met(of(14.1), Optional.of(of(10)))).contains(false);
    assertThat(flat.met(of(109), Optional.of(of(100)))).as("within a tenth").contains(true);
    assertThat(flat.met(of(111), Optional.of(of(100)))).contains(false);
  }

  @Test
  void a_ratio_needs_both_and_a_floor_above_zero() {
    assertThat(figure(List.of(3.0), List.of(2.0)).ratio()).contains(1.5);
    assertThat(figure(List.of(3.0), List.of(0.0)).ratio()).isEmpty();
    assertThat(figure(List.of(3.0), List.of()).ratio()).isEmpty();
    assertThat(figure(List.of(), List.of(2.0)).ratio()).isEmpty();
  }

  @Test
  void who_does_not_get_there_misses_the_target() {
    assertThat(figure(List.of(), List.of(2.0)).met()).contains(false);
    assertThat(figure(List.of(2.0), List.of(2.0)).met()).contains(true);
    assertThat(Figure.alone("x", Unit.SECONDS, List.of(), new Target.None()).met()).isEmpty();
  }

  private static Figure figure(List<Double> refloat, List<Double> floor) {
    return Figure.of("x", Unit.SECONDS, refloat, floor, new Target.TimesFloor(1));
  }
}
