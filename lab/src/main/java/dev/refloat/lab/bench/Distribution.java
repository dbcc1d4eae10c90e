package dev.refloat.lab.bench;

import java.util.List;
import java.util.Optional;

/**
 * Measured values of one thing, smallest first; at least one.
 *
 * <p>Percentiles are by nearest rank: always a value that was measured, and with fewer than a
 * hundred of them the 99th is the largest.
 */
record Distribution(List<Double> values) {

  Distribution {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    values = values.stream().sorted().toList();
  }

  /** Returns the distribution of {@code values}; empty if there are none. */
  static Optional<Distribution> ofAny(List<Double> values) {
    return values.isEmpty() ? Optional.empty() : Optional.of(new Distribution(values));
  }

  int count() {
    return values.size();
  }

  double median() {
    return percentile(50);
  }

  double p99() {
    return percentile(99);
  }

  double largest() {
    return values.getLast();
  }

  private double percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * values.size());
    return values.get(Math.max(rank, 1) - 1);
  }
}
