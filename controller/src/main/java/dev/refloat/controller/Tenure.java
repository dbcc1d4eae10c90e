package dev.refloat.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How sure it is that this process still leads. Time is an argument, by two clocks: the wall clock
 * may be set, the monotonic one stands still while a machine is suspended. The older answer counts.
 *
 * @param renewDeadline after this long without a renewal another may soon lead
 * @param trustedFor how long the last answer about the Lease is good for
 */
record Tenure(Duration renewDeadline, Duration trustedFor, Optional<Moment> renewed) {

  /** More than this between the two clocks, and one of them was set or stood still. */
  private static final Duration CLOCKS_AGREE_WITHIN = Duration.ofSeconds(1);

  /**
   * A time by both clocks.
   *
   * @param ticks as of {@link System#nanoTime}
   */
  record Moment(Instant wall, long ticks) {}

  /** How sure it is. */
  sealed interface Standing {

    /** A renewal is so young that nobody else can lead. */
    record Leads() implements Standing {}

    /** It should be so, but look before you write. */
    record Doubtful() implements Standing {}

    record Lost(String why) implements Standing {}
  }

  static Tenure none(Duration renewDeadline, Duration trustedFor) {
    return new Tenure(renewDeadline, trustedFor, Optional.empty());
  }

  /**
   * The Lease was renewed.
   *
   * @param asked when the renewal was sent, not when it was answered
   */
  Tenure renewed(Moment asked) {
    return new Tenure(renewDeadline, trustedFor, Optional.of(asked));
  }

  Standing at(Moment now) {
    if (renewed.isEmpty()) {
      return new Standing.Lost("the Lease was never had");
    }
    Duration byWall = Duration.between(renewed.get().wall(), now.wall());
    Duration byTicks = Duration.ofNanos(now.ticks() - renewed.get().ticks());
    Duration age = byWall.compareTo(byTicks) > 0 ? byWall : byTicks;
    if (age.compareTo(renewDeadline) >= 0) {
      return new Standing.Lost("the Lease was last renewed " + age.toSeconds() + " s ago");
    }
    boolean clocksAgree = byWall.minus(byTicks).abs().compareTo(CLOCKS_AGREE_WITHIN) <= 0;
    return clocksAgree && age.compareTo(trustedFor) <= 0
        ? new Standing.Leads()
        : new Standing.Doubtful();
  }
}
