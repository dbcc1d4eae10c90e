package dev.refloat.lab.controlplane;

import dev.refloat.lab.PrivateFiles;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * The certificate authority of one control plane. It lives as long as the control plane does, and
 * its key never leaves the memory.
 */
final class Pki {

  private static final Duration LIFETIME = Duration.ofDays(365);

  private final SecureRandom random = new SecureRandom();
  private final Path folder;
  private final KeyPair caKey = newKey(Algorithm.ELLIPTIC);
  private final X509Certificate ca;

  /** Makes an authority whose files go to {@code folder}. */
  Pki(Path folder) {
    this.folder = folder;
    X500Name name = name("refloat-lab", Optional.empty());
    this.ca =
        issue(
            name,
            caKey,
            List.of(
                extension(Extension.basicConstraints, new BasicConstraints(0)),
                extension(
                    Extension.keyUsage,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature))));
    write("ca.crt", pem(ca));
  }

  /** Returns the certificate that everybody trusts. */
  X509Certificate ca() {
    return ca;
  }

  /** Returns the certificate that everybody trusts, as PEM. */
  String caPem() {
    return pem(ca);
  }

  /** Returns the file with the certificate that everybody trusts. */
  Path caFile() {
    return folder.resolve("ca.crt");
  }

  /** Certificate and key, both PEM. */
  record Pair(String certificate, String key) {}

  /** Certificate and key as files. */
  record PairFiles(Path certificate, Path key) {}

  /**
   * Returns the pair by which a server on loopback or at {@code address} is known; the cluster's
   * own names of the API server are included.
   */
  PairFiles server(String address) {
    KeyPair key = newKey(Algorithm.ELLIPTIC);
    Stream<GeneralName> names =
        Stream.of("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")
            .map(name -> new GeneralName(GeneralName.dNSName, name));
    Stream<GeneralName> addresses =
        Stream.of(InetAddress.getLoopbackAddress().getHostAddress(), "10.0.0.1", address)
            .distinct()
            .map(one -> new GeneralName(GeneralName.iPAddress, one));
    X509Certificate certificate =
        issue(
            name("kube-apiserver", Optional.empty()),
            key,
            List.of(
                extension(
                    Extension.extendedKeyUsage,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
                extension(
                    Extension.subjectAlternativeName,
                    new GeneralNames(
                        Stream.concat(names, addresses).toArray(GeneralName[]::new)))));
    write("server.crt", pem(certificate));
    write("server.key", pem("PRIVATE KEY", key.getPrivate()));
    return new PairFiles(folder.resolve("server.crt"), folder.resolve("server.key"));
  }

  /** What kind of key a client gets. */
  enum Algorithm {
    ELLIPTIC,
    /**
     * Takes half a second to make, but client libraries take "BEGIN PRIVATE KEY" in a kubeconfig
     * for RSA unless they are told otherwise; fabric8 does.
     */
    RSA
  }

  /** Returns the pair of a client. */
  Pair client(String user, Optional<String> group, Algorithm algorithm) {
    KeyPair key = newKey(algorithm);
    X509Certificate certificate =
        issue(
            name(user, group),
            key,
            List.of(
                extension(
                    Extension.extendedKeyUsage,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth))));
    return new Pair(pem(certificate), pem("PRIVATE KEY", key.getPrivate()));
  }

  /** A pair of keys as files. */
  record KeyFiles(Path privateKey, Path publicKey) {}

  /**
   * Returns the keys that sign and verify the tokens of service accounts. The API server does not
   * take the public half from a PKCS#8 file, so it gets one of its own.
   */
  KeyFiles serviceAccountKeys() {
    KeyPair key = newKey(Algorithm.ELLIPTIC);
    return new KeyFiles(
        write("service-accounts.key", pem("PRIVATE KEY", key.getPrivate())),
        write("service-accounts.pub", pem("PUBLIC KEY", key.getPublic())));
  }

  private record Ext(ASN1ObjectIdentifier id, ASN1Encodable value) {}

  private static Ext extension(ASN1ObjectIdentifier id, ASN1Encodable value) {
    return new Ext(id, value);
  }

  private X509Certificate issue(X500Name subject, KeyPair key, List<Ext> extensions) {
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name("refloat-lab", Optional.empty()),
            new BigInteger(127, random).add(BigInteger.ONE),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(LIFETIME)),
            subject,
            key.getPublic());
    try {
      for (Ext extension : extensions) {
        builder.addExtension(extension.id(), true, extension.value());
      }
      ContentSigner signer =
          new JcaContentSignerBuilder("SHA256withECDSA").build(caKey.getPrivate());
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot issue a certificate for " + subject, e);
    }
  }

  private static X500Name name(String commonName, Optional<String> organization) {
    X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
    organization.ifPresent(value -> builder.addRDN(BCStyle.O, value));
    return builder.addRDN(BCStyle.CN, commonName).build();
  }

  private static KeyPair newKey(Algorithm algorithm) {
    try {
      return switch (algorithm) {
        case ELLIPTIC -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
          generator.initialize(new ECGenParameterSpec("secp256r1"));
          yield generator.generateKeyPair();
        }
        case RSA -> {
          KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
          generator.initialize(2048);
          yield generator.generateKeyPair();
        }
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot make a key: " + algorithm, e);
    }
  }

  private static String pem(X509Certificate certificate) {
    try (StringWriter text = new StringWriter();
        JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
      writer.flush();
      return text.toString();
    } catch (IOException e) {
      throw new IllegalStateException("cannot write a certificate as PEM", e);
    }
  }

  private static String pem(String type, Key key) {
    try (StringWriter text = new StringWriter();
        JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new PemObject(type, key.getEncoded()));
      writer.flush();
      return text.toString();
    } catch (IOException e) {
      throw new IllegalStateException("cannot write a key as PEM", e);
    }
  }

  private Path write(String file, String content) {
    return PrivateFiles.write(folder.resolve(file), content);
  }
}
