package dev.refloat.webhook;

import dev.refloat.certs.Credential;
import dev.refloat.certs.Serving;
import dev.refloat.process.StartFailedException;
import dev.refloat.settings.HostAndPort;
import dev.refloat.webhook.Metrics.Undecided;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves admission over TLS, from the first certificate on.
 *
 * <p>Its port is taken at once, so that a port in use is known when the process starts, and answers
 * as soon as there is a certificate.
 */
final class AdmissionServer implements Serving, AutoCloseable {

  /** How many requests are worked on at once; more wait for a moment, and then are told to go. */
  static final int MOST_REQUESTS = 16;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int BAD_REQUEST = 400;

  /** Those who work, those who wait for a turn, and what Jetty needs for itself. */
  private static final int MOST_THREADS = 2 * MOST_REQUESTS + 8;

  private static final int LEAST_THREADS = 4;
  private static final int THREAD_IDLE_MILLIS = 30_000;

  /** Far more than API servers keep open to one webhook. Others wait in the backlog. */
  private static final int MOST_CONNECTIONS = 250;

  private static final int BACKLOG = 256;

  /**
   * The API server keeps idle connections for 90 s. If we closed them first, a request could meet a
   * connection that is being closed.
   */
  private static final Duration IDLE_CONNECTION = Duration.ofMinutes(2);

  /** How long the next byte of a request may take: its asker has given up long before. */
  private static final Duration IDLE_REQUEST = Duration.ofSeconds(3);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration WAIT_FOR_A_TURN = Duration.ofMillis(250);

  private static final Logger log = LoggerFactory.getLogger(AdmissionServer.class);

  private final ServerSocketChannel socket;
  private final HostAndPort address;
  private final List<Endpoint> endpoints;
  private final Metrics metrics;
  private final Semaphore turns = new Semaphore(MOST_REQUESTS, true);

  private volatile @Nullable Running running;
  private volatile boolean draining = false;

  private record Running(Javalin http, SslContextFactory.Server tls, Credential credential) {}

  private AdmissionServer(
      ServerSocketChannel socket, HostAndPort address, List<Endpoint> endpoints, Metrics metrics) {
    this.socket = socket;
    this.address = address;
    this.endpoints = List.copyOf(endpoints);
    this.metrics = metrics;
  }

  /**
   * Returns a server that has its port and does not answer yet.
   *
   * @throws StartFailedException if the port is taken, or the address is none of this machine's
   */
  static AdmissionServer bind(HostAndPort wanted, List<Endpoint> endpoints, Metrics metrics)
      throws StartFailedException {
    try {
      ServerSocketChannel socket = ServerSocketChannel.open();
      try {
        socket.bind(
            new InetSocketAddress(InetAddress.ofLiteral(wanted.host()), wanted.port()), BACKLOG);
        int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
        return new AdmissionServer(
            socket, new HostAndPort(wanted.host(), port), endpoints, metrics);
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StartFailedException(
          "cannot serve admission on "
              + wanted
              + ": "
              + e.getMessage()
              + "; end the program that uses the port, or set REFLOAT_WEBHOOK_ADDRESS to another one"
              + " (port 0 = any that is free)",
          e);
    }
  }

  /** Where it listens, with the port that was chosen if any free one was asked for. */
  HostAndPort address() {
    return address;
  }

  /** Whether requests are answered. */
  boolean isServing() {
    return running != null;
  }

  @Override
  public synchronized Load serve(Credential credential) {
    Running before = running;
    if (before != null && before.credential().equals(credential)) {
      return new Load.Unchanged();
    }
    try {
      check(credential);
      running = before == null ? start(credential) : reload(before, credential);
    } catch (Exception e) {
      log.atDebug().setCause(e).log("A certificate was refused");
      return new Load.Refused(e.toString());
    }
    if (before == null) {
      log.atInfo()
          .addKeyValue("address", address.host())
          .addKeyValue("port", address.port())
          .addKeyValue("notAfter", credential.notAfter())
          .log("Serving admission");
    } else {
      log.atInfo()
          .addKeyValue("notAfter", credential.notAfter())
          .log("Serving admission with a new certificate");
    }
    return new Load.Loaded();
  }

  /**
   * From now on every answer asks its connection to be closed, so that whoever keeps connections
   * finds another process before this one ends.
   */
  void drain() {
    draining = true;
  }

  /** Lets nobody in any more, finishes what is under way, and ends. */
  @Override
  public synchronized void close() throws IOException {
    Running last = running;
    running = null;
    if (last != null) {
      last.http().stop();
    }
    socket.close();
  }

  /**
   * A certificate that does not load would leave a server that was reloaded with it without any.
   */
  private static void check(Credential credential) throws Exception {
    SslContextFactory.Server trial = Tls.serving(credential);
    trial.start();
    trial.stop();
  }

  private static Running reload(Running before, Credential credential) throws Exception {
    Tls.reload(before.tls(), credential);
    return new Running(before.http(), before.tls(), credential);
  }

  private Running start(Credential credential) throws Exception {
    SslContextFactory.Server tls = Tls.serving(credential);
    Javalin http = Javalin.create(config -> configure(config, tls)).start();
    return new Running(http, tls, credential);
  }

  private void configure(JavalinConfig config, SslContextFactory.Server tls) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    QueuedThreadPool threads =
        new QueuedThreadPool(MOST_THREADS, LEAST_THREADS, THREAD_IDLE_MILLIS);
    threads.setName("admission");
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(
        server -> {
          server.setHandler(new GracefulHandler());
          server.setStopTimeout(STOP_TIMEOUT.toMillis());
        });
    config.jetty.addConnector((server, http) -> connector(server, http, tls));
    endpoints.forEach(
        endpoint ->
            config.routes.post(
                "/" + endpoint.operation(), context -> answerInTurn(endpoint, context)));
    config.routes.exception(
        Exception.class,
        (e, context) -> {
          log.atError().addKeyValue("path", context.path()).setCause(e).log("Failed to answer");
          send(context, Reply.sentence(BAD_REQUEST, "the request cannot be answered"));
        });
  }

  private Connector connector(Server server, HttpConfiguration http, SslContextFactory.Server tls) {
    HttpConfiguration https = new HttpConfiguration(http);
    https.setSendServerVersion(false);
    // What a connection remembers of its last headers is a table of 100 KB, for each that is open.
    https.setHeaderCacheSize(0);
    https.setIdleTimeout(IDLE_REQUEST.toMillis());
    // Without a check of names: the API server may ask by IP address.
    https.addCustomizer(new SecureRequestCustomizer(false));
    ServerConnector connector =
        new ServerConnector(
            server,
            1,
            1,
            new SslConnectionFactory(tls, "http/1.1"),
            new HttpConnectionFactory(https));
    connector.setIdleTimeout(IDLE_CONNECTION.toMillis());
    connector.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
    try {
      connector.open(socket);
    } catch (IOException e) {
      throw new IllegalStateException("the port that was taken is lost", e);
    }
    return connector;
  }

  private void answerInTurn(Endpoint endpoint, Context context) throws InterruptedException {
    if (!turns.tryAcquire(WAIT_FOR_A_TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      metrics.undecided(endpoint.operation(), Undecided.BUSY);
      log.atWarn().addKeyValue("most", MOST_REQUESTS).log("Refused a request for lack of a turn");
      send(context, Reply.sentence(TOO_MANY_REQUESTS, "too many requests at once"));
      return;
    }
    long began = System.nanoTime();
    metrics.began();
    try {
      send(context, answer(endpoint, context));
    } finally {
      metrics.ended(endpoint.operation(), Duration.ofNanos(System.nanoTime() - began));
      turns.release();
    }
  }

  private Reply answer(Endpoint endpoint, Context context) {
    String type = context.contentType();
    String encoding = context.header("Content-Encoding");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      metrics.undecided(endpoint.operation(), Undecided.UNREADABLE);
      return Reply.sentence(BAD_REQUEST, "expected a body of type application/json");
    }
    if (encoding != null && !encoding.equals("identity")) {
      metrics.undecided(endpoint.operation(), Undecided.UNREADABLE);
      return Reply.sentence(BAD_REQUEST, "expected a body without Content-Encoding");
    }
    return endpoint.answer(context.bodyInputStream());
  }

  private void send(Context context, Reply reply) {
    if (draining) {
      context.header("Connection", "close");
    }
    context.status(reply.status()).contentType(reply.contentType()).result(reply.body());
  }
}
