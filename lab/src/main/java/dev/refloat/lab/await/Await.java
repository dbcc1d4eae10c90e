package dev.refloat.lab.await;

import java.time.Duration;
import java.util.Optional;
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
 * @param complaint says why there is no use in waiting any longer, as soon as there is none
 */
public record Await(Duration deadline, Duration interval, Supplier<Optional<String>> complaint) {

  /** A look may be a request, and many tests look at the same time. */
  private static final Duration INTERVAL = Duration.ofMillis(100);

  public Await {
    if (!deadline.isPositive() || !interval.isPositive()) {
      throw new IllegalArgumentException(
          "deadline is %s and interval is %s; expected positive durations"
              .formatted(deadline, interval));
    }
  }

  /** Waits no longer than {@code deadline}, and looks so often. */
  public Await(Duration deadline, Duration interval) {
    this(deadline, interval, Optional::empty);
  }

  /** Waits no longer than {@code deadline}. */
  public static Await within(Duration deadline) {
    return new Await(deadline, INTERVAL);
  }

  /** Waits no longer than {@code seconds}. */
  public static Await seconds(long seconds) {
    return within(Duration.ofSeconds(seconds));
  }

  /** Waits no longer than until there is a complaint, and tells it. */
  public Await unless(Supplier<Optional<String>> why) {
    return new Await(deadline, interval, why);
  }

  /**
   * Returns the first state that is {@code enough}.
   *
   * @param what completes "waited 20 s until ..."
   * @param look returns the present state; what it throws ends the waiting
   * @param words says a state in words; asked for the last one if time is over
   * @throws AwaitFailed if no state is enough before the deadline or the complaint
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
        throw new AwaitFailed(
            "waited %s until %s. Last seen: %s"
                .formatted(seconds(deadline), what, words.apply(state)));
      }
      complaint
          .get()
          .ifPresent(
              why -> {
                throw new AwaitFailed(
                    "waits in vain until %s, last seen: %s. %s"
                        .formatted(what, words.apply(state), why));
              });
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
      throw new AwaitFailed("interrupted while waiting until " + what);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
