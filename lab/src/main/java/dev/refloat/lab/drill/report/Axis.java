package dev.refloat.lab.drill.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Seconds from left to right.
 *
 * @param from the seconds at the left end
 * @param to those at the right end
 * @param left pixels
 * @param right pixels
 */
record Axis(double from, double to, int left, int right) {

  private static final int TICKS = 6;
  private static final List<Double> STEPS = List.of(1.0, 2.0, 5.0, 10.0);

  /** A line with its seconds. */
  record Tick(long x, String label) {}

  Axis {
    if (!(to > from)) {
      throw new IllegalArgumentException("from %s to %s is no axis".formatted(from, to));
    }
  }

  /** Returns the pixels of so many seconds. */
  long x(double seconds) {
    return Math.round(left + (seconds - from) / (to - from) * (right - left));
  }

  /** Returns round numbers of seconds, about half a dozen. */
  List<Tick> ticks() {
    double step = step();
    List<Tick> ticks = new ArrayList<>();
    for (double at = Math.ceil(from / step) * step;
        at <= to && ticks.size() <= 2 * TICKS;
        at += step) {
      ticks.add(new Tick(x(at), label(at, step)));
    }
    return List.copyOf(ticks);
  }

  private double step() {
    double rough = (to - from) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    return STEPS.stream()
        .map(step -> step * power)
        .filter(step -> step >= rough)
        .findFirst()
        .orElse(10 * power);
  }

  private static String label(double at, double step) {
    return String.format(Locale.ROOT, step < 1 ? "%.1f s" : "%.0f s", at);
  }
}
