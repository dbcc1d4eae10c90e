package dev.refloat.certs;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * A certificate and the private key that belongs to it.
 *
 * @param chain the certificate, then those that lead to its authority, if any
 */
public record Credential(List<X509Certificate> chain, PrivateKey key) {

  /** RFC 5280, section 4.2.1.6: the numbers of the kinds of alternative names. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;

  public Credential {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain is empty; expected at least one certificate");
    }
  }

  /**
   * Reads a credential from what a Secret or a folder holds.
   *
   * @param texts file names and their content; an empty one counts as not there
   */
  public static Stored<Credential> read(
      Map<String, String> texts, String certificateName, String keyName) {
    String certificates = texts.getOrDefault(certificateName, "");
    String privateKey = texts.getOrDefault(keyName, "");
    if (certificates.isBlank() || privateKey.isBlank()) {
      return new Stored.Unusable<>(
          "has no " + (certificates.isBlank() ? certificateName : keyName));
    }
    return switch (Pem.certificates(certificates)) {
      case Pem.Garbage<List<X509Certificate>>(String why) ->
          new Stored.Unusable<>("has a " + certificateName + " that " + why);
      case Pem.Read<List<X509Certificate>>(List<X509Certificate> chain) ->
          switch (Pem.key(privateKey)) {
            case Pem.Garbage<PrivateKey>(String why) ->
                new Stored.Unusable<>("has a " + keyName + " that " + why);
            case Pem.Read<PrivateKey>(PrivateKey key) ->
                belongTogether(chain.getFirst().getPublicKey(), key)
                    ? new Stored.Usable<>(new Credential(chain, key))
                    : new Stored.Unusable<>(
                        "has a " + keyName + " that does not belong to its " + certificateName);
          };
    };
  }

  /** The certificate itself. */
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /**
   * Returns both in a store that exists in memory only.
   *
   * @param password of the key; protects nothing, as the store never leaves the process, but a
   *     store without one cannot be made
   */
  public KeyStore keyStore(String password) throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "webhook", key, password.toCharArray(), chain.toArray(X509Certificate[]::new));
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }

  /** The same without its key. */
  Anchor anchor() {
    return new Anchor(chain);
  }

  public Instant notBefore() {
    return certificate().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** How long it was meant to be good for when it was issued. */
  Duration life() {
    Duration meant = Duration.between(notBefore().plus(Issuer.BACKDATED), notAfter());
    return meant.isPositive() ? meant : Duration.between(notBefore(), notAfter());
  }

  /** What it is good for, sorted. */
  public NavigableSet<Host> hosts() {
    NavigableSet<Host> hosts = new TreeSet<>();
    for (List<?> name : alternativeNames()) {
      if (name.get(0) instanceof Integer kind
          && (kind == DNS_NAME || kind == IP_ADDRESS)
          && name.get(1) instanceof String text) {
        hosts.add(kind == DNS_NAME ? new Host.Dns(text) : Host.of(text));
      }
    }
    return Collections.unmodifiableNavigableSet(hosts);
  }

  /** Whether {@code authority} has signed this one, by its key and not by its name. */
  boolean isSignedBy(Credential authority) {
    return authority.anchor().hasSigned(this);
  }

  private Collection<List<?>> alternativeNames() {
    try {
      Collection<List<?>> names = certificate().getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static boolean belongTogether(PublicKey open, PrivateKey secret) {
    String algorithm =
        switch (secret.getAlgorithm().toUpperCase(Locale.ROOT)) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case String other -> other;
        };
    byte[] anything = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(secret);
      signer.update(anything);
      byte[] signature = signer.sign();
      signer.initVerify(open);
      signer.update(anything);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Says nothing of the key. */
  @Override
  public String toString() {
    return words(certificate());
  }

  /** Whose it is, which one, and how long it is good for. */
  static String words(X509Certificate certificate) {
    return certificate.getSubjectX500Principal()
        + " "
        + certificate.getSerialNumber().toString(16)
        + " until "
        + certificate.getNotAfter().toInstant();
  }
}
