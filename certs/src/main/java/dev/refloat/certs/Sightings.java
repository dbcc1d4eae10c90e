package dev.refloat.certs;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What this process has seen at each of its looks, and since when. It begins anew with the process,
 * after a gap between two looks, and where a clock was set back: each time that is waited for only
 * becomes longer by that.
 *
 * @param trusted authorities that the API server was seen to trust in each entry of each webhook
 *     configuration
 * @param stored serving certificates that were seen in their Secret, where everybody finds them
 */
record Sightings(
    Instant lastLook, Map<X509Certificate, Instant> trusted, Map<X509Certificate, Instant> stored) {

  /** Nothing was ever looked at. */
  static final Sightings NONE = new Sightings(Instant.EPOCH, Map.of(), Map.of());

  Sightings {
    trusted = Map.copyOf(trusted);
    stored = Map.copyOf(stored);
  }

  /**
   * Returns these with one more look.
   *
   * @param gap how long after the last look nobody can say any more what was in between
   */
  Sightings and(
      Collection<X509Certificate> trustedNow,
      Collection<X509Certificate> storedNow,
      Instant now,
      Duration gap) {
    boolean continued = !now.isBefore(lastLook) && now.isBefore(lastLook.plus(gap));
    return new Sightings(
        now,
        since(continued ? trusted : Map.of(), trustedNow, now),
        since(continued ? stored : Map.of(), storedNow, now));
  }

  /** Whether the API server has been seen to trust {@code authority} for so long. */
  boolean isTrustedFor(Duration duration, X509Certificate authority) {
    return lasts(trusted, authority, duration);
  }

  /** Whether {@code leaf} has been seen in its Secret for so long. */
  boolean isStoredFor(Duration duration, X509Certificate leaf) {
    return lasts(stored, leaf, duration);
  }

  private boolean lasts(
      Map<X509Certificate, Instant> seen, X509Certificate certificate, Duration duration) {
    Instant since = seen.get(certificate);
    return since != null && !lastLook.isBefore(since.plus(duration));
  }

  private static Map<X509Certificate, Instant> since(
      Map<X509Certificate, Instant> before, Collection<X509Certificate> seen, Instant now) {
    Map<X509Certificate, Instant> since = new HashMap<>();
    for (X509Certificate certificate : List.copyOf(seen)) {
      since.put(certificate, before.getOrDefault(certificate, now));
    }
    return since;
  }
}
