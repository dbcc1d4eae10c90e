package dev.refloat.lab.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;

/**
 * Clients that send one body again and again, each when its last one was answered, over a
 * connection each that stays open: as API servers do.
 */
final class Senders implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final HttpClient http;
  private final HttpRequest request;

  /**
   * @param to on loopback
   */
  Senders(SSLContext trust, URI to, byte[] body) {
    this.http =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trust).build();
    this.request =
        HttpRequest.newBuilder(to)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
  }

  /**
   * What came of a turn.
   *
   * @param milliseconds how long each answer took
   * @param refused how many of them were not 200
   * @param perSecond how many came
   */
  record Turn(List<Double> milliseconds, int refused, double perSecond) {}

  /** Returns the first answer. */
  String ask() throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw unanswered(e);
    }
  }

  /** Sends by so many connections for a while. */
  Turn turn(int connections, Duration time) throws InterruptedException {
    long begun = System.nanoTime();
    long end = begun + time.toNanos();
    List<Double> milliseconds = new ArrayList<>();
    int refused = 0;
    try (ExecutorService senders = Executors.newFixedThreadPool(connections)) {
      List<Future<Turn>> turns = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        turns.add(senders.submit((Callable<Turn>) () -> until(end)));
      }
      for (Future<Turn> one : turns) {
        milliseconds.addAll(one.get().milliseconds());
        refused += one.get().refused();
      }
    } catch (ExecutionException e) {
      throw unanswered(e);
    }
    double seconds = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 1e3;
    return new Turn(milliseconds, refused, milliseconds.size() / seconds);
  }

  private Turn until(long end) throws IOException, InterruptedException {
    List<Double> milliseconds = new ArrayList<>();
    int refused = 0;
    while (System.nanoTime() - end < 0) {
      long sent = System.nanoTime();
      HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
      milliseconds.add((System.nanoTime() - sent) / NANOS_PER_MILLISECOND);
      if (answer.statusCode() != 200) {
        refused++;
      }
    }
    return new Turn(milliseconds, refused, 0);
  }

  private static BenchFailed unanswered(Throwable cause) {
    return new BenchFailed("a request was not answered", cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
