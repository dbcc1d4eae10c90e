package dev.refloat.controller;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Until when the API server has asked to be left alone: it refuses with 429 or 503 and says in
 * {@code Retry-After} after how many seconds it may be asked again. See <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/server/filters/priority-and-fairness.go">priority-and-fairness.go</a>.
 * Safe for use by several threads.
 *
 * <p>No look at a set begins before that. Its own Lease, its watches and the nodes that a grace
 * period is about go on: without them this process would know less, not ask less.
 */
final class RetryAfter implements Interceptor {

  private static final Logger log = LoggerFactory.getLogger(RetryAfter.class);

  private static final String HEADER = "Retry-After";
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  /** Whoever asks for more must not silence us for an hour; the API server itself asks for less. */
  private static final Duration AT_MOST = Duration.ofMinutes(1);

  private final InstantSource time;
  private Instant until = Instant.MIN;

  RetryAfter(InstantSource time) {
    this.time = time;
  }

  /** Returns when it may be asked again; empty if that is now. */
  synchronized Optional<Instant> until() {
    Instant now = time.instant();
    // A clock that was set back must not make it last longer than it could have been asked for.
    return Optional.of(until).filter(when -> when.isAfter(now) && !when.isAfter(now.plus(AT_MOST)));
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    answered(response.code(), Optional.ofNullable(response.header(HEADER)));
  }

  void answered(int code, Optional<String> header) {
    if (code == TOO_MANY_REQUESTS || code == UNAVAILABLE) {
      header.flatMap(RetryAfter::seconds).ifPresent(this::leaveAloneFor);
    }
  }

  private synchronized void leaveAloneFor(Duration wait) {
    Instant when = time.instant().plus(wait.compareTo(AT_MOST) > 0 ? AT_MOST : wait);
    Optional<Instant> before = until();
    if (before.isEmpty()) {
      log.atWarn()
          .addKeyValue("until", when)
          .log("The API server asks to be left alone, no pod is looked at before");
    }
    if (before.filter(longer -> !longer.isBefore(when)).isEmpty()) {
      until = when;
    }
  }

  /** Kubernetes sends seconds; the other form that HTTP knows, a date, is not for us. */
  private static Optional<Duration> seconds(String header) {
    try {
      return Optional.of(Duration.ofSeconds(Integer.parseInt(header.strip())))
          .filter(Duration::isPositive);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
