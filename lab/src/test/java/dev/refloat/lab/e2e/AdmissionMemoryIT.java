package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.process.MemoryLimit;
import dev.refloat.lab.process.ProcessUse;
import dev.refloat.lab.process.RefloatProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The largest reviews that the API server sends, in the container that the manifests will give. */
@ExtendWith(Lab.Shared.class)
class AdmissionMemoryIT {

  private static final int MEBIBYTE = 1024 * 1024;
  private static final long LIMIT = 128L * MEBIBYTE;
  private static final int AT_ONCE = 4;
  private static final int ROUNDS = 10;

  /** As many as are let in; who comes next waits to be accepted. */
  private static final int CONNECTIONS = 250;

  private static final int ANSWER_MILLIS = 20_000;
  private static final int USUAL_SIZE = 6 * 1024;

  @Test
  void lives_in_128_Mi_with_four_reviews_of_7_MiB_at_once(Lab lab) throws Exception {
    Optional<MemoryLimit> limit =
        MemoryLimit.of("refloat-admission-" + ProcessHandle.current().pid(), LIMIT);
    try (RefloatProcess webhook = webhook(lab, "large-reviews", limit);
        HttpClient client = HttpClient.newBuilder().sslContext(lab.installation().trust()).build();
        ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE)) {
      URI address = URI.create("https://127.0.0.1:" + webhook.admissionPort().orElseThrow());

      double idle = rssAnon(webhook);

      List<Future<List<String>>> answers = new ArrayList<>();
      for (int sender = 0; sender < AT_ONCE; sender++) {
        boolean mutates = sender % 2 == 0;
        answers.add(
            senders.submit(
                (Callable<List<String>>)
                    () ->
                        send(client, address.resolve(mutates ? "/mutate" : "/validate"), mutates)));
      }

      for (Future<List<String>> each : answers) {
        assertThat(each.get())
            .hasSize(ROUNDS)
            .allSatisfy(answer -> assertThat(answer).startsWith("200 ").contains("\"uid\":\"1\""));
      }
      assertThat(webhook.isAlive()).isTrue();
      assertThat(Scene.messages(webhook)).doesNotContain("Failed to decide; admitted as it is");
      double rssAnon = rssAnon(webhook);
      System.out.printf(
          "%d reviews of 7 MiB, %d at once, %s: RssAnon %.0f MiB before, %.0f MiB afterwards%n",
          AT_ONCE * ROUNDS,
          AT_ONCE,
          limit.isPresent() ? "in 128 Mi" : "without a limit",
          idle,
          rssAnon);
      assertThat(rssAnon).isLessThan(LIMIT / (double) MEBIBYTE);
      limit.ifPresent(each -> assertThat(each.killed()).isZero());
      webhook.kill();
    } finally {
      limit.ifPresent(MemoryLimit::close);
    }
  }

  /**
   * As many connections as are let in, each of which stays open: with what a server remembers of
   * each by default they filled the heap.
   */
  @Test
  void lives_in_128_Mi_with_all_connections_open(Lab lab) throws Exception {
    Optional<MemoryLimit> limit =
        MemoryLimit.of("refloat-connections-" + ProcessHandle.current().pid(), LIMIT);
    Deque<Socket> open = new ArrayDeque<>();
    try (RefloatProcess webhook = webhook(lab, "many-connections", limit)) {
      int port = webhook.admissionPort().orElseThrow();
      SSLSocketFactory sockets = lab.installation().trust().getSocketFactory();
      for (int connection = 0; connection < CONNECTIONS; connection++) {
        Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(ANSWER_MILLIS);
        open.push(socket);
      }

      for (int round = 0; round < 3; round++) {
        for (Socket connection : open) {
          assertThat(ask(connection, review("CREATE", "", "pods", pod(USUAL_SIZE), "null")))
              .startsWith("HTTP/1.1 200 ");
        }
      }

      assertThat(webhook.isAlive()).isTrue();
      double rssAnon = rssAnon(webhook);
      System.out.printf("%d connections: RssAnon %.0f MiB%n", CONNECTIONS, rssAnon);
      assertThat(rssAnon).isLessThan(LIMIT / (double) MEBIBYTE);
      limit.ifPresent(each -> assertThat(each.killed()).isZero());
      webhook.kill();
    } finally {
      for (Socket connection : open) {
        connection.close();
      }
      limit.ifPresent(MemoryLimit::close);
    }
  }

  /** Asks over a connection that stays open, and returns the line with the status. */
  private static String ask(Socket connection, String review) throws IOException {
    String request =
        """
        POST /mutate?timeout=2s HTTP/1.1\r
        Host: localhost\r
        User-Agent: kube-apiserver-admission\r
        Accept: application/json, */*\r
        Content-Type: application/json\r
        Accept-Encoding: gzip\r
        Content-Length: %d\r
        \r
        %s"""
            .formatted(review.length(), review);
    connection.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = connection.getInputStream();
    String status = line(in);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    assertThat(in.readNBytes(length)).hasSize(length);
    return status;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      assertThat(next).as("the next byte").isNotNegative();
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private static RefloatProcess webhook(Lab lab, String name, Optional<MemoryLimit> limit) {
    return limit
        .map(each -> lab.installation().unregisteredWebhook(name, Map.of(), each))
        .orElseGet(() -> lab.installation().unregisteredWebhook(name, Map.of()));
  }

  private static List<String> send(HttpClient client, URI address, boolean mutates)
      throws IOException, InterruptedException {
    String review = mutates ? created() : changed();
    List<String> answers = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      HttpResponse<String> answer = client.send(post(address, review), BodyHandlers.ofString());
      answers.add(answer.statusCode() + " " + answer.body());
    }
    return answers;
  }

  private static HttpRequest post(URI address, String review) {
    return HttpRequest.newBuilder(address)
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(review))
        .build();
  }

  /** A pod with one annotation of 7 MiB. */
  private static String created() {
    return review("CREATE", "", "pods", pod(7 * MEBIBYTE), "null");
  }

  /** A StatefulSet as it was and as it is to be, of many small fields. */
  private static String changed() {
    String set = set(7 * MEBIBYTE / 2);
    return review("UPDATE", "apps", "statefulsets", set, set);
  }

  private static String pod(int size) {
    return """
        {"metadata":{"name":"db-0","labels":{"app":"db"},"annotations":{"refloat.dev/recover":"true","large":"%s"},
         "ownerReferences":[{"apiVersion":"apps/v1","kind":"StatefulSet","name":"db","controller":true}]},
         "spec":{"volumes":[{"name":"data","persistentVolumeClaim":{"claimName":"data-db-0"}}]}}"""
        .formatted("x".repeat(size));
  }

  private static String set(int size) {
    String variable = "{\"name\":\"VARIABLE\",\"value\":\"of no interest\"},";
    return """
        {"metadata":{"name":"db"},"spec":{"replicas":3,"template":{"metadata":{"annotations":{"refloat.dev/recover":"true"}},
         "spec":{"containers":[{"name":"db","env":[%s{}]}]}},
         "volumeClaimTemplates":[{"metadata":{"name":"data"},"spec":{}}]}}"""
        .formatted(variable.repeat(size / variable.length()));
  }

  private static String review(
      String operation, String group, String resource, String object, String oldObject) {
    return """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1","operation":"%s",
         "namespace":"shop","resource":{"group":"%s","version":"v1","resource":"%s"},"object":%s,"oldObject":%s}}"""
        .formatted(operation, group, resource, object, oldObject);
  }

  private static double rssAnon(RefloatProcess process) {
    return ProcessUse.of(process.handle().pid()).rssAnonMegabytes();
  }
}
