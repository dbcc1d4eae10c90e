package dev.refloat.lab.faults;

import dev.refloat.certs.Credential;
import dev.refloat.certs.Host;
import dev.refloat.certs.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Who the proxy is: a certificate for loopback, of an authority of its own. So it works before a
 * cluster whose authority's key nobody here has, and no key is ever written to a file.
 */
record Identity(Credential authority, Credential server) {

  private static final Duration LIFETIME = Duration.ofDays(1);
  private static final int BACKLOG = 128;

  static Identity create(Instant now) {
    Issuer issuer = new Issuer(new SecureRandom());
    Credential authority = issuer.authority(now, LIFETIME);
    Host loopback = new Host.Ip(InetAddress.getLoopbackAddress());
    return new Identity(authority, issuer.leaf(authority, List.of(loopback), now, LIFETIME));
  }

  /** Returns the certificate to trust, as PEM. */
  String authorityPem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(authority.certificate().getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("cannot write the proxy's own authority", e);
    }
  }

  /** Returns a TLS server on any free port of loopback; it offers HTTP/1.1 only. */
  ServerSocket listen() throws IOException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "proxy", server.key(), new char[0], server.chain().toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(keys.getKeyManagers(), null, null);
      return tls.getServerSocketFactory()
          .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot show the proxy's own certificate", e);
    }
  }
}
