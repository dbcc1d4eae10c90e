package dev.refloat.webhook;

import dev.refloat.certs.Credential;
import dev.refloat.process.Ciphers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS as the API server needs it, with a key store that exists in memory only. */
final class Tls {

  /** Of a store that never leaves this process. */
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
    tls.setKeyStore(credential.keyStore(PASSWORD));
    return tls;
  }

  /** Changes the certificate of what serves already. Open connections keep theirs. */
  static void reload(SslContextFactory.Server tls, Credential credential) throws Exception {
    KeyStore store = credential.keyStore(PASSWORD);
    tls.reload(factory -> factory.setKeyStore(store));
  }
}
