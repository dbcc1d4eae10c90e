package dev.refloat.certs;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The certificate of an authority without its key: enough to trust what the authority has signed.
 *
 * @param chain the certificate, then those that lead to its own authority, if any
 */
record Anchor(List<X509Certificate> chain) {

  Anchor {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain is empty; expected at least one certificate");
    }
  }

  /**
   * Reads an anchor from what a Secret holds.
   *
   * @param texts names of entries and their content; an empty one counts as not there
   */
  static Stored<Anchor> read(Map<String, String> texts, String name) {
    String text = texts.getOrDefault(name, "");
    if (text.isBlank()) {
      return new Stored.Absent<>();
    }
    return switch (Pem.certificates(text)) {
      case Pem.Garbage<List<X509Certificate>>(String why) ->
          new Stored.Unusable<>("has a " + name + " that " + why);
      case Pem.Read<List<X509Certificate>>(List<X509Certificate> chain) ->
          new Stored.Usable<>(new Anchor(chain));
    };
  }

  /** The certificate itself. */
  X509Certificate certificate() {
    return chain.getFirst();
  }

  Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** Whether it may sign others at all. */
  boolean isAuthority() {
    return certificate().getBasicConstraints() >= 0;
  }

  /** Whether its authority has signed {@code leaf}, by its key and not by its name. */
  boolean hasSigned(Credential leaf) {
    try {
      leaf.certificate().verify(certificate().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return Credential.words(certificate());
  }
}
