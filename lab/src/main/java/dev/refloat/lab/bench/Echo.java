package dev.refloat.lab.bench;

import dev.refloat.certs.Credential;
import dev.refloat.certs.Stored;
import dev.refloat.process.Ciphers;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * The floor of admission, a program of its own: Javalin over TLS that sends back what it gets. It
 * shares certificate, order of ciphers and what concerns memory with the webhook.
 */
public final class Echo {

  /** The files of its certificate, as in a Secret of type {@code kubernetes.io/tls}. */
  static final String CERTIFICATE = "tls.crt";

  static final String KEY = "tls.key";

  /** What is written when it serves, and then the port. */
  static final String SERVING = "serving on port ";

  private static final String PASSWORD = "in-memory";

  private Echo() {}

  /**
   * Serves on any free port of loopback, which it writes to standard output, until its standard
   * input ends: with whoever started it, however that one ends.
   *
   * @param arguments the folder of its certificate
   */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    SslContextFactory.Server tls = tls(Path.of(arguments[0]));
    Javalin http =
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.http.compressionStrategy = CompressionStrategy.NONE;
                  config.jetty.addConnector(
                      (server, shared) -> {
                        HttpConfiguration https = new HttpConfiguration(shared);
                        // As the webhook, or 64 connections fill its heap.
                        https.setHeaderCacheSize(0);
                        https.addCustomizer(new SecureRequestCustomizer(false));
                        ServerConnector connector =
                            new ServerConnector(
                                server,
                                1,
                                1,
                                new SslConnectionFactory(tls, "http/1.1"),
                                new HttpConnectionFactory(https));
                        connector.setHost("127.0.0.1");
                        return connector;
                      });
                  config.routes.post(
                      "/mutate",
                      context ->
                          context.contentType("application/json").result(context.bodyAsBytes()));
                })
            .start();
    System.out.println(SERVING + http.port());
    while (System.in.read() >= 0) {
      // Nobody says anything.
    }
    http.stop();
  }

  private static SslContextFactory.Server tls(Path folder)
      throws IOException, GeneralSecurityException {
    Map<String, String> files =
        Map.of(
            CERTIFICATE,
            Files.readString(folder.resolve(CERTIFICATE)),
            KEY,
            Files.readString(folder.resolve(KEY)));
    if (!(Credential.read(files, CERTIFICATE, KEY) instanceof Stored.Usable<Credential> usable)) {
      throw new IOException(folder + " has no usable certificate");
    }
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setCipherComparator(Ciphers.FAST_FIRST);
    tls.setSniRequired(false);
    tls.setKeyStorePassword(PASSWORD);
    tls.setKeyStore(usable.value().keyStore(PASSWORD));
    return tls;
  }
}
