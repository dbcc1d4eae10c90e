package dev.refloat.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes keys and certificates: EC P-256, SHA256withECDSA, keys and signatures by the JDK. */
public final class Issuer {

  /**
   * How long before they are issued certificates begin to be valid: the clock of whoever checks
   * them may be slow.
   */
  static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;

  private final SecureRandom random;

  public Issuer(SecureRandom random) {
    this.random = random;
  }

  /** Returns a new authority that trusts itself and may sign no other authority. */
  public Credential authority(Instant now, Duration lifetime) {
    KeyPair keys = keys();
    X500Principal name = new X500Principal("CN=refloat-webhook-ca,O=refloat.dev");
    X509v3CertificateBuilder certificate =
        new JcaX509v3CertificateBuilder(
            name,
            serial(),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(lifetime)),
            name,
            keys.getPublic());
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      certificate
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(keys.getPublic()));
      return sign(certificate, keys.getPrivate(), keys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("this JDK cannot issue a certificate authority", e);
    }
  }

  /**
   * Returns a new certificate for a TLS server. It ends with its authority if that ends before
   * {@code lifetime} is over.
   */
  public Credential leaf(
      Credential authority, Collection<Host> hosts, Instant now, Duration lifetime) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("hosts is empty; expected at least one");
    }
    KeyPair keys = keys();
    Instant end = now.plus(lifetime);
    X509v3CertificateBuilder certificate =
        new JcaX509v3CertificateBuilder(
            authority.certificate().getSubjectX500Principal(),
            serial(),
            Date.from(now.minus(BACKDATED)),
            Date.from(end.isBefore(authority.notAfter()) ? end : authority.notAfter()),
            new X500Principal("CN=refloat-webhook,O=refloat.dev"),
            keys.getPublic());
    try {
      JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
      certificate
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(
              Extension.extendedKeyUsage,
              false,
              new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
          .addExtension(Extension.subjectAlternativeName, false, names(hosts))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              identifiers.createSubjectKeyIdentifier(keys.getPublic()))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              identifiers.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
      return sign(certificate, authority.key(), keys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("this JDK cannot issue a certificate", e);
    }
  }

  private static Credential sign(
      X509v3CertificateBuilder certificate, PrivateKey authority, PrivateKey own)
      throws OperatorCreationException, GeneralSecurityException, IOException {
    return new Credential(
        List.of(
            Pem.certificate(
                certificate.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(authority)))),
        own);
  }

  private static GeneralNames names(Collection<Host> hosts) {
    return new GeneralNames(
        hosts.stream()
            .distinct()
            .sorted()
            .map(
                host ->
                    switch (host) {
                      case Host.Dns(String name) -> new GeneralName(GeneralName.dNSName, name);
                      case Host.Ip ip -> new GeneralName(GeneralName.iPAddress, ip.toString());
                    })
            .toArray(GeneralName[]::new));
  }

  private KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK knows no EC P-256", e);
    }
  }

  /** Positive, and always of the same length. */
  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS - 1, random).setBit(SERIAL_BITS - 1);
  }
}
