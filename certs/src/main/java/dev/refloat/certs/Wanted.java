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
}
