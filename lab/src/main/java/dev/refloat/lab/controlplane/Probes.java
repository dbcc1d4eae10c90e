package dev.refloat.lab.controlplane;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the components whether they are ready. */
final class Probes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final HttpClient client;

  /** Probes servers whose certificates {@code ca} has signed. */
  Probes(X509Certificate ca) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", ca);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      this.client = HttpClient.newBuilder().sslContext(tls).connectTimeout(PATIENCE).build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot trust the lab's own authority", e);
    }
  }

  /** Returns whether {@code uri} answers 200; an answer that is another one, or none, is no. */
  boolean answers(URI uri) {
    return is(200, uri);
  }

  /** Returns whether a server says of {@code uri} that it has no such thing. */
  boolean lacks(URI uri) {
    return is(404, uri);
  }

  private boolean is(int status, URI uri) {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == status;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns whether somebody listens on {@code port}. */
  boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
