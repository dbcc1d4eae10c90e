package dev.refloat.certs;

import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * What the Secret of the certificate authority holds.
 *
 * @param current signs
 * @param next staged: trusted, signs nothing yet
 * @param previous has signed what may still be served; its key is gone
 */
record Authorities(Stored<Credential> current, Stored<Credential> next, Stored<Anchor> previous) {

  static final String CURRENT_CERTIFICATE = "ca.crt";
  static final String CURRENT_KEY = "ca.key";
  static final String NEXT_CERTIFICATE = "next.crt";
  static final String NEXT_KEY = "next.key";
  static final String PREVIOUS_CERTIFICATE = "previous.crt";

  /** There is no Secret. */
  static Authorities none() {
    return new Authorities(new Stored.Absent<>(), new Stored.Absent<>(), new Stored.Absent<>());
  }

  /** Reads the entries of the Secret. One without {@code ca.crt} is unusable, not absent. */
  static Authorities read(Map<String, String> texts) {
    boolean staged =
        !texts.getOrDefault(NEXT_CERTIFICATE, "").isBlank()
            || !texts.getOrDefault(NEXT_KEY, "").isBlank();
    return new Authorities(
        Credential.read(texts, CURRENT_CERTIFICATE, CURRENT_KEY),
        staged ? Credential.read(texts, NEXT_CERTIFICATE, NEXT_KEY) : new Stored.Absent<>(),
        Anchor.read(texts, PREVIOUS_CERTIFICATE));
  }

  /**
   * The certificates that the API server has to trust: those of all three, the oldest first.
   * Promoting the next authority changes nothing of it, not even the order.
   */
  List<X509Certificate> bundle() {
    SequencedSet<X509Certificate> certificates = new LinkedHashSet<>();
    if (previous instanceof Stored.Usable<Anchor>(Anchor anchor)) {
      certificates.addAll(anchor.chain());
    }
    for (Stored<Credential> each : List.of(current, next)) {
      if (each instanceof Stored.Usable<Credential>(Credential authority)) {
        certificates.addAll(authority.chain());
      }
    }
    return List.copyOf(certificates);
  }
}
