package dev.refloat.controller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Notices when nobody was looking: the process was suspended or starved, the machine was asleep, or
 * somebody set its clock (S51). What was seen before then is of another time. For use by one
 * thread, which asks several times a second.
 *
 * <p>Two clocks, because either alone can miss it: the wall clock is set by people and by NTP, and
 * {@link System#nanoTime} stands still while a machine is asleep.
 */
final class Attention {

  /** More than this between two looks, or between the two clocks, and nobody was looking. */
  private static final Duration INTERRUPTION = Duration.ofSeconds(5);

  private final InstantSource time;
  private final LongSupplier ticks;
  private Instant lastTime;
  private long lastTicks;

  /**
   * Begins now.
   *
   * @param ticks nanoseconds since any moment, such as {@link System#nanoTime}
   */
  Attention(InstantSource time, LongSupplier ticks) {
    this.time = time;
    this.ticks = ticks;
    this.lastTime = time.instant();
    this.lastTicks = ticks.getAsLong();
  }

  /**
   * Returns for how long nobody was looking since this was asked last, as the wall clock has it;
   * negative if it was set back. Empty if somebody looked all the time.
   */
  Optional<Duration> lapse() {
    Instant now = time.instant();
    long nowTicks = ticks.getAsLong();
    Duration byTime = Duration.between(lastTime, now);
    Duration byTicks = Duration.ofNanos(nowTicks - lastTicks);
    lastTime = now;
    lastTicks = nowTicks;
    boolean pause = isLong(byTime) || isLong(byTicks);
    boolean jump = isLong(byTime.minus(byTicks).abs());
    return pause || jump ? Optional.of(byTime) : Optional.empty();
  }

  private static boolean isLong(Duration duration) {
    return duration.compareTo(INTERRUPTION) > 0;
  }
}
