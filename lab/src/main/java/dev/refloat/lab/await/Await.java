package dev.refloat.lab.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits, by looking again and again.
 *
 * @param deadline how long
 * @param interval how long between two looks
 */
public record Await(Duration deadline, Duration interval) {

  private static final Duration INTERVAL = Duration.ofMillis(50);

  public Await {
    if (!deadline.isPositive() || !interval.isPositive()) {
      throw new IllegalArgumentException(
          "deadline is %s and interval is %s; expected positive durations"
              .formatted(deadline, interval));
    }
  }

  /** Waits no longer than {@code deadline}. */
  public static Await within(Duration deadline) {
    return new Await(deadline, INTERVAL);
  }

  /** Waits no longer than {@code seconds}. */
  public static Await seconds(long seconds) {
    return within(Duration.ofSeconds(seconds));
  }

  /**
   * Returns the first state that is {@code enough}.
   *
   * @param what completes "waited 20 s until ..."
   * @param look returns the present state; what it throws ends the waiting
   * @param words says a state in words; asked for the last one if time is over
   * @throws AwaitTimedOut if no state is enough before the deadline
   */
  public <T> T until(
      String what,
      Supplier<T> look,
      Predicate<? super T> enough,
      Function<? super T, String> words) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      T state = look.get();
      if (enough.test(state)) {
        return state;
      }
      if (System.nanoTime() - end >= 0) {
        throw new AwaitTimedOut(
            "waited %s until %s. Last seen: %s"
                .formatted(seconds(deadline), what, words.apply(state)));
      }
      pause(what);
    }
  }

  /** Returns the first state that is {@code enough}; a state's words are its {@code toString()}. */
  public <T> T until(String what, Supplier<T> look, Predicate<? super T> enough) {
    return until(what, look, enough, String::valueOf);
  }

  /** Returns as soon as {@code condition} holds. */
  public void until(String what, BooleanSupplier condition) {
    var _ = until(what, condition::getAsBoolean, holds -> holds, holds -> "it does not hold");
  }

  private void pause(String what) {
    try {
      TimeUnit.NANOSECONDS.sleep(interval.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwaitTimedOut("interrupted while waiting until " + what);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
