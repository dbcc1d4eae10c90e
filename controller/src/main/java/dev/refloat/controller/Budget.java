package dev.refloat.controller;

import dev.refloat.recovery.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How many recoveries run at once, and how many begin in a minute. Time is an argument.
 *
 * <p>The rate is a token bucket that holds a minute's worth (S23).
 */
final class Budget {

  private final int maxConcurrent;
  private final int perMinute;
  private int inFlight;
  private double tokens;
  private Instant filledAt;

  Budget(int maxConcurrent, int perMinute, Instant now) {
    this.maxConcurrent = maxConcurrent;
    this.perMinute = perMinute;
    this.tokens = perMinute;
    this.filledAt = now;
  }

  /** A place among the recoveries that run at once. */
  final class Place implements AutoCloseable {

    private boolean held = true;

    /** Gives the place back; a second time changes nothing. */
    @Override
    public void close() {
      synchronized (Budget.this) {
        if (held) {
          held = false;
          inFlight--;
        }
      }
    }
  }

  /** Takes a place and a token, if both are there. */
  synchronized Optional<Place> begin(Instant now) {
    fill(now);
    if (inFlight >= maxConcurrent || tokens < 1) {
      return Optional.empty();
    }
    tokens--;
    inFlight++;
    return Optional.of(new Place());
  }

  /** What the judge needs to know. */
  synchronized Traffic traffic(Instant now, Optional<String> inSet, Set<String> goneNodes) {
    fill(now);
    Optional<Instant> next =
        tokens >= 1
            ? Optional.empty()
            : Optional.of(
                now.plus(Duration.ofMillis((long) Math.ceil((1 - tokens) * 60_000 / perMinute))));
    return new Traffic(inSet, inFlight, next, List.of(), goneNodes);
  }

  private void fill(Instant now) {
    double elapsed = Math.max(0, Duration.between(filledAt, now).toMillis());
    tokens = Math.min(perMinute, tokens + elapsed * perMinute / 60_000);
    filledAt = now;
  }
}
