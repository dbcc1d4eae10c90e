package dev.refloat.lab.faults;

import java.time.Duration;
import java.util.Optional;

/** What happens to a request instead of what should. */
public sealed interface Fault {

  /**
   * The proxy answers as an API server that refuses; the real one never hears of it. An answer that
   * tells of the world, as 200 and 404 do, would be a lie and no fault.
   *
   * @param retryAfter the header of that name, in whole seconds
   */
  record Refusal(int status, Optional<Duration> retryAfter) implements Fault {

    public Refusal {
      if (status < 400 || status > 599 || status == 404 || status == 410) {
        throw new IllegalArgumentException(
            "status is " + status + "; expected a refusal, not a fact about an object");
      }
    }
  }

  /** The request reaches the API server at once, its answer reaches the process this much later. */
  record LateAnswer(Duration by) implements Fault {}

  /**
   * The request reaches the API server when {@code until} returns, as after a pause of the process
   * or a slow network.
   */
  record LateRequest(Runnable until) implements Fault {}

  /**
   * The connection is cut.
   *
   * @param first is done just before, for instance to kill the process
   */
  record Cut(Moment moment, Runnable first) implements Fault {}

  /** When a connection is cut. */
  enum Moment {
    /** The API server never hears of the request. */
    BEFORE_THE_REQUEST,
    /** The API server has answered, the process never hears of it. */
    BEFORE_THE_ANSWER
  }

  /** Returns a refusal. */
  static Fault status(int status) {
    return new Refusal(status, Optional.empty());
  }

  /** Returns the refusal of a server that has too much to do. */
  static Fault tooManyRequests(Duration retryAfter) {
    return new Refusal(429, Optional.of(retryAfter));
  }

  static Fault cutBefore() {
    return cutBefore(() -> {});
  }

  static Fault cutBefore(Runnable first) {
    return new Cut(Moment.BEFORE_THE_REQUEST, first);
  }

  static Fault cutAfter() {
    return cutAfter(() -> {});
  }

  static Fault cutAfter(Runnable first) {
    return new Cut(Moment.BEFORE_THE_ANSWER, first);
  }
}
