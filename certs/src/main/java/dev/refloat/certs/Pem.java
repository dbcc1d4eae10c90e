package dev.refloat.certs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Certificates and keys as text. Keys are written as PKCS#8; OpenSSL's older forms are read as
 * well, since cert-manager still writes them by default.
 */
final class Pem {

  /** A chain has two or three; a bundle during a change of the authority has two. */
  private static final int MOST_CERTIFICATES = 50;

  private Pem() {}

  /** What came of reading a text. */
  sealed interface Reading<T> {}

  record Read<T>(T value) implements Reading<T> {}

  /**
   * @param why to be read after "that"; never holds any of the text
   */
  record Garbage<T>(String why) implements Reading<T> {}

  static Reading<List<X509Certificate>> certificates(String text) {
    List<X509Certificate> found = new ArrayList<>();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        if (!(next instanceof X509CertificateHolder holder)) {
          return new Garbage<>("holds something other than certificates");
        }
        if (found.size() == MOST_CERTIFICATES) {
          return new Garbage<>("holds more than " + MOST_CERTIFICATES + " certificates");
        }
        found.add(certificate(holder));
      }
    } catch (IOException | RuntimeException | CertificateException e) {
      return new Garbage<>("is not PEM");
    }
    return found.isEmpty() ? new Garbage<>("holds no certificate") : new Read<>(found);
  }

  static Reading<PrivateKey> key(String text) {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      return switch (parser.readObject()) {
        case PrivateKeyInfo key -> new Read<>(converter.getPrivateKey(key));
        case PEMKeyPair pair -> new Read<>(converter.getPrivateKey(pair.getPrivateKeyInfo()));
        case null, default -> new Garbage<>("holds no unencrypted private key");
      };
    } catch (IOException | RuntimeException e) {
      // The cause stays out of it: parsers like to quote what they could not read.
      return new Garbage<>("is not PEM");
    }
  }

  static String write(List<X509Certificate> certificates) {
    try {
      StringBuilder text = new StringBuilder();
      for (X509Certificate certificate : certificates) {
        text.append(write("CERTIFICATE", certificate.getEncoded()));
      }
      return text.toString();
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate cannot be written", e);
    }
  }

  static String write(PrivateKey key) {
    return write("PRIVATE KEY", key.getEncoded());
  }

  static X509Certificate certificate(X509CertificateHolder holder)
      throws CertificateException, IOException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
  }

  private static String write(String kind, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(kind, content));
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text.toString();
  }
}
