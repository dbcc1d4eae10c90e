package dev.refloat.webhook;

import dev.refloat.certs.Credential;
import dev.refloat.process.Ciphers;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS as the API server needs it, with a key store that exists in memory only. */
final class Tls {

  /** Protects nothing: the store never leaves this process. A store without one cannot be made. */
  private static final String PASSWORD = "in-memory";

  private Tls() {}

  /** Returns what serves with this certificate; not started. */
  static SslContextFactory.Server serving(Credential credential) throws GeneralSecurityException {
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    tls.setCipherComparator(Ciphers.FAST_FIRST);
    tls.setRenegotiationAllowed(false);
    // Asked by IP address or by any name, there is one certificate.
    tls.setSniRequired(false);
    tls.setKeyStorePassword(PASSWORD);
    tls.setKeyStore(store(credential));
    return tls;
  }

  /** Changes the certificate of what serves already. Open connections keep theirs. */
  static void reload(SslContextFactory.Server tls, Credential credential) throws Exception {
    KeyStore store = store(credential);
    tls.reload(factory -> factory.setKeyStore(store));
  }

  private static KeyStore store(Credential credential) throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "webhook",
          credential.key(),
          PASSWORD.toCharArray(),
          credential.chain().toArray(X509Certificate[]::new));
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot be made", e);
    }
  }
}
