package dev.refloat.certs;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** An ordinary day, and what is ordinary on it. */
final class Fixtures {

  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final Duration YEAR = Duration.ofDays(360);
  static final Duration QUARTER = Duration.ofDays(90);
  static final List<String> HOSTS = List.of("refloat-webhook.refloat-system.svc", "127.0.0.1");
  static final Wanted WANTED = Wanted.of(HOSTS, YEAR, QUARTER);
  static final Issuer ISSUER = new Issuer(new SecureRandom());

  private Fixtures() {}

  static Credential authority() {
    return ISSUER.authority(NOW, YEAR);
  }

  static Credential leaf(Credential authority) {
    return leaf(authority, HOSTS);
  }

  static Credential leaf(Credential authority, Collection<String> hosts) {
    return ISSUER.leaf(authority, hosts.stream().map(Host::of).toList(), NOW, QUARTER);
  }

  static Instant after(Duration duration) {
    return NOW.plus(duration);
  }
}
