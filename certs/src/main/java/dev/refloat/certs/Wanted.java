package dev.refloat.certs;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * What certificates should be like.
 *
 * @param hosts what the serving certificate must be good for, at least one
 * @param leafLifetime at most {@code authorityLifetime}
 */
public record Wanted(NavigableSet<Host> hosts, Duration authorityLifetime, Duration leafLifetime) {

  private static final Duration LONGEST_SETTLING = Duration.ofMinutes(5);
  private static final Duration LONGEST_OVERLAP = Duration.ofHours(1);

  /** A change of the authority begins when a third of its life is left; this is a part of that. */
  private static final int SETTLINGS_PER_LIFE = 20;

  private static final int OVERLAPS_PER_LIFE = 10;

  public Wanted {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("hosts is empty; expected at least one");
    }
    hosts = Collections.unmodifiableNavigableSet(new TreeSet<>(hosts));
  }

  /** The same from the texts of a setting. */
  public static Wanted of(
      Collection<String> hosts, Duration authorityLifetime, Duration leafLifetime) {
    NavigableSet<Host> parsed = new TreeSet<>();
    hosts.forEach(host -> parsed.add(Host.of(host)));
    return new Wanted(parsed, authorityLifetime, leafLifetime);
  }

  /**
   * How long an authority must have been in each webhook configuration before anything that it
   * signs is served. API servers, of which there may be several, follow these objects by an
   * informer, so that they call by the former bundle for a moment: <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/admission/configuration/mutating_webhook_manager.go">mutating_webhook_manager.go</a>.
   */
  Duration settling() {
    return shorter(LONGEST_SETTLING, authorityLifetime.dividedBy(SETTLINGS_PER_LIFE));
  }

  /**
   * How long a serving certificate must have been in its Secret before the authority of the one
   * before is not trusted any more. Every process loads it within seconds, one that does not reach
   * the API server when it does so again. Longer than {@link #settling()}.
   */
  Duration overlap() {
    return shorter(LONGEST_OVERLAP, authorityLifetime.dividedBy(OVERLAPS_PER_LIFE));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
