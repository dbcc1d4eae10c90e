package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.refloat.settings.HostAndPort;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the kubelet and Prometheus in plain HTTP: {@code /livez}, {@code /readyz}, {@code
 * /metrics}.
 *
 * <p>{@code /livez} says that this server still answers, and no more: a process whose API server is
 * away is not healed by restarting it.
 */
public final class ProbeServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProbeServer.class);

  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

  /** The kubelet asks with one connection, Prometheus too; the rest is for a curious person. */
  private static final int MOST_THREADS = 8;

  private static final int MOST_CONNECTIONS = 64;

  static {
    // The JDK's server waits for ever for the rest of a request unless it is told otherwise, and a
    // few such requests would occupy all threads. It reads these once, when its first server is
    // made.
    System.setProperty("sun.net.httpserver.maxReqTime", "5");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
    System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final HostAndPort address;
  private final Supplier<Readiness> readiness;
  private final PrometheusRegistry metrics;
  private final ExpositionFormats formats = ExpositionFormats.init();

  private ProbeServer(
      HttpServer server,
      HostAndPort address,
      Supplier<Readiness> readiness,
      PrometheusRegistry metrics) {
    this.server = server;
    this.address = address;
    this.readiness = readiness;
    this.metrics = metrics;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            30,
            TimeUnit.SECONDS,
            // Who finds all threads busy waits, and is not hung up on.
            new LinkedBlockingQueue<>(MOST_CONNECTIONS),
            Thread.ofPlatform().daemon().name("probes-", 1).factory());
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /**
   * Returns a server that already answers.
   *
   * @param readiness asked for each {@code /readyz} and {@code /metrics}, by several threads, so it
   *     must be quick
   * @param metrics what is served, and whether the process is ready, which is added
   * @throws StartFailedException if the port is taken, or the address is none of this machine's
   */
  public static ProbeServer start(
      HostAndPort wanted, Supplier<Readiness> readiness, PrometheusRegistry metrics)
      throws StartFailedException {
    HttpServer server;
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.ofLiteral(wanted.host()), wanted.port()), 0);
    } catch (IOException e) {
      throw new StartFailedException(
          "cannot serve probes and metrics on "
              + wanted
              + ": "
              + e.getMessage()
              + "; end the program that uses the port, or set REFLOAT_HTTP_ADDRESS to another one"
              + " (port 0 = any that is free)",
          e);
    }
    HostAndPort address = new HostAndPort(wanted.host(), server.getAddress().getPort());
    ProbeServer probes = new ProbeServer(server, address, readiness, metrics);
    GaugeWithCallback.builder()
        .name("refloat_ready")
        .help("1 if the process can do its work now, as /readyz says; 0 if it cannot.")
        .callback(callback -> callback.call(readiness.get() instanceof Readiness.Ready ? 1 : 0))
        .register(metrics);
    server.createContext("/", probes::answer);
    server.setExecutor(probes.threads);
    server.start();
    log.atInfo()
        .addKeyValue("address", address.host())
        .addKeyValue("port", address.port())
        .log("Serving probes and metrics");
    return probes;
  }

  /** Where it listens, with the port that was chosen if any free one was asked for. */
  public HostAndPort address() {
    return address;
  }

  /** Stops listening at once; answers under way have a second to finish. */
  @Override
  public void close() {
    server.stop(1);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answerOrApology(exchange));
    }
  }

  private Answer answerOrApology(HttpExchange exchange) throws IOException {
    try {
      return answerTo(exchange);
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("path", exchange.getRequestURI().getPath())
          .setCause(e)
          .log("Failed to answer a probe");
      return Answer.text(500, "failed; the log says why");
    }
  }

  private Answer answerTo(HttpExchange exchange) throws IOException {
    if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return Answer.text(405, "only GET and HEAD are answered here");
    }
    return switch (exchange.getRequestURI().getPath()) {
      case "/livez" -> Answer.text(200, "ok");
      case "/readyz" ->
          switch (readiness.get()) {
            case Readiness.Ready() -> Answer.text(200, "ok");
            case Readiness.Missing(List<String> things) ->
                Answer.text(503, String.join("\n", things));
          };
      case "/metrics" -> metrics(exchange.getRequestHeaders().getFirst("Accept"));
      case null, default -> Answer.text(404, "try /livez, /readyz or /metrics");
    };
  }

  private Answer metrics(@Nullable String accept) throws IOException {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream body = new ByteArrayOutputStream(8 * 1024);
    writer.write(body, metrics.scrape(), EscapingScheme.fromAcceptHeader(accept));
    return new Answer(200, writer.getContentType(), body.toByteArray());
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    if ("HEAD".equals(exchange.getRequestMethod())) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  @SuppressWarnings("ArrayRecordComponent") // Lives for one exchange and is never compared.
  private record Answer(int status, String type, byte[] body) {
    static Answer text(int status, String text) {
      return new Answer(status, PLAIN_TEXT, (text + "\n").getBytes(UTF_8));
    }
  }
}
