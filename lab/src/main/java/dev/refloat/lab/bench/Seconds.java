package dev.refloat.lab.bench;

import java.time.Duration;
import java.time.Instant;

/** Instants as the numbers that are reported. */
final class Seconds {

  private static final double NANOS = 1e9;

  private Seconds() {}

  /** Returns the seconds from one instant to another, negative if it came before. */
  static double between(Instant from, Instant to) {
    return Duration.between(from, to).toNanos() / NANOS;
  }
}
