package dev.refloat.process;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.TlsVersion;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP clients that offer the {@linkplain Ciphers fast ciphers} first, and otherwise what
 * Java offers. An API server chooses ChaCha20 where its client does not have AES first: <a
 * href="https://github.com/golang/go/blob/go1.26.0/src/crypto/tls/handshake_server_tls13.go">processClientHello</a>.
 */
final class FastCiphersFirst extends JdkHttpClientFactory {

  private final SSLParameters offer;

  private FastCiphersFirst(SSLParameters offer) {
    this.offer = offer;
  }

  static FastCiphersFirst of(Config config) throws GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    // Nobody is trusted by this one, so that the machine's authorities need not be read.
    tls.init(null, new TrustManager[0], null);
    String[] suites = tls.getDefaultSSLParameters().getCipherSuites();
    Arrays.sort(suites, Ciphers.FAST_FIRST);
    return new FastCiphersFirst(new SSLParameters(suites, names(config.getTlsVersions())));
  }

  private static String @Nullable [] names(TlsVersion @Nullable [] versions) {
    return versions == null
        ? null
        : Arrays.stream(versions).map(TlsVersion::javaName).toArray(String[]::new);
  }

  @Override
  protected void additionalConfig(HttpClient.Builder builder) {
    builder.sslParameters(offer);
  }
}
