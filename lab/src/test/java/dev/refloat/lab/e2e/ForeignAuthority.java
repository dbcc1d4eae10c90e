package dev.refloat.lab.e2e;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A CA that is not ours. What it issues looks as cert-manager's does by default: RSA of 2048 bits,
 * the key in PKCS#1.
 *
 * @see <a
 *     href="https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificatePrivateKey">cert-manager's
 *     CertificatePrivateKey</a>
 */
final class ForeignAuthority {

  private static final Duration LIFE = Duration.ofDays(1);
  private static final int BITS = 2048;

  private final KeyPair keys;
  private final X509Certificate certificate;

  /** Makes a new one. */
  ForeignAuthority(String name) {
    try {
      X500Principal subject = new X500Principal("CN=" + name);
      keys = keys();
      certificate =
          sign(
              builder(subject, subject, keys)
                  .addExtension(Extension.basicConstraints, true, new BasicConstraints(true)));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make a CA", e);
    }
  }

  /** Returns its certificate as PEM. */
  String bundle() {
    return pem(certificate);
  }

  /** Returns a new certificate for a server on loopback, as the files of a Secret. */
  Map<String, String> issue() {
    return issue(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
  }

  /** Returns a new certificate for a server of that name, as the files of a Secret. */
  Map<String, String> issue(String name) {
    return issue(new GeneralName(GeneralName.dNSName, name));
  }

  private Map<String, String> issue(GeneralName server) {
    try {
      KeyPair leaf = keys();
      X509Certificate issued =
          sign(
              builder(certificate.getSubjectX500Principal(), new X500Principal(""), leaf)
                  .addExtension(Extension.subjectAlternativeName, true, new GeneralNames(server)));
      return Map.of("ca.crt", bundle(), "tls.crt", pem(issued), "tls.key", pem(leaf.getPrivate()));
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("cannot issue a certificate", e);
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(BITS);
    return generator.generateKeyPair();
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Principal issuer, X500Principal subject, KeyPair keys) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(Long.SIZE, new SecureRandom()),
        Date.from(now.minus(LIFE)),
        Date.from(now.plus(LIFE)),
        subject,
        keys.getPublic());
  }

  private X509Certificate sign(org.bouncycastle.cert.X509v3CertificateBuilder certificate)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            certificate.build(
                new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
  }

  /** Returns a certificate or a key as PEM. */
  static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to memory", e);
    }
    return text.toString();
  }
}
