package dev.refloat.lab.figures;

import java.util.List;
import java.util.Optional;

/**
 * Measured values of one thing, smallest first; at least one.
 *
 * <p>Percentiles are by nearest rank: always a value that was measured, and with fewer than a
 * hundred of them the 99th is the largest.
 */
public record Distribution(List<Double> values) {

  public Distribution {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    values = values.stream().sorted().toList();
  }

  /** Returns the distribution of {@code values}; empty if there are none. */
  public static Optional<Distribution> ofAny(List<Double> values) {
    return values.isEmpty() ? Optional.empty() : Optional.of(new Distribution(values));
  }

  public int count() {
    return values.size();
  }

  public double median() {
    return percentile(50);
  }

  public double p99() {
    return percentile(99);
  }

  public double largest() {
    return values.getLast();
  }

  public double smallest() {
    return values.getFirst();
  }

  public double mean() {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  /**
   * Returns the value that so many percent of all do not exceed.
   *
   * @param percent from 0 to 100
   */
  public double percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * values.size());
    return values.get(Math.max(rank, 1) - 1);
  }
}
