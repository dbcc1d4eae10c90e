package dev.refloat.controller.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What may happen a thousand times a minute, and is said at once and then now and then, with how
 * often. Time is an argument.
 */
final class Complaints {

  private final Duration between;
  private int unsaid;
  private Optional<Instant> saidAt = Optional.empty();

  /**
   * @param between how long nothing is said after something was said
   */
  Complaints(Duration between) {
    this.between = between;
  }

  /** It has happened once more; how often since it was said last, if it is to be said now. */
  synchronized Optional<Integer> oneMore(Instant now) {
    unsaid++;
    // Of a clock that was set the distance tells nothing; once too often is no harm.
    if (saidAt.filter(at -> Duration.between(at, now).abs().compareTo(between) < 0).isPresent()) {
      return Optional.empty();
    }
    int times = unsaid;
    unsaid = 0;
    saidAt = Optional.of(now);
    return Optional.of(times);
  }
}
