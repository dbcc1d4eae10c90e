package dev.refloat.lab.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.LogTail;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.OwnSession;
import dev.refloat.lab.process.RefloatProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A Prometheus that collects from processes of ours, as it would from the pods of a Service. */
final class Prometheus implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Pattern LISTENING = Pattern.compile("Listening on\".* address=([0-9.:]+)");

  /** It listens before it answers, with 503 for that long. */
  private static final String READY = "Server is ready to receive web requests";

  private static final int LINES_SHOWN = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path log;
  private final Instant begun = Instant.now();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Thread atExit;

  private Prometheus(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.atExit = new Thread(process::destroyForcibly, "end-prometheus");
  }

  /**
   * Starts one, and returns when it has collected from each.
   *
   * @param folder for its files, empty
   * @param rules as Prometheus reads them
   * @param jobs by the name of the Service
   */
  static Prometheus collecting(
      Path program, Path folder, Path rules, Map<String, RefloatProcess> jobs) {
    Path configuration = folder.resolve("prometheus.yaml");
    Path log = folder.resolve("prometheus.log");
    try {
      Files.writeString(configuration, configuration(rules, jobs));
      Process process =
          new ProcessBuilder(
                  OwnSession.wrap(
                      List.of(
                          program.toString(),
                          "--config.file=" + configuration,
                          "--storage.tsdb.path=" + folder.resolve("data"),
                          "--web.listen-address=127.0.0.1:0")))
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Prometheus prometheus = new Prometheus(process, log);
      Runtime.getRuntime().addShutdownHook(prometheus.atExit);
      prometheus.awaitCollected(jobs.size());
      return prometheus;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + program, e);
    }
  }

  private static String configuration(Path rules, Map<String, RefloatProcess> jobs) {
    return """
        global: {scrape_interval: 500ms, evaluation_interval: 500ms}
        rule_files: ["%s"]
        scrape_configs:
        %s
        """
        .formatted(
            rules,
            jobs.entrySet().stream()
                .map(
                    job ->
                        """
                          - job_name: %1$s
                            static_configs:
                              - targets: ["127.0.0.1:%2$d"]
                                labels: {namespace: refloat-system, service: %1$s, pod: %1$s-0}"""
                            .formatted(job.getKey(), job.getValue().probePort().orElseThrow()))
                .collect(Collectors.joining("\n")));
  }

  private void awaitCollected(int jobs) {
    Await.within(READY_WITHIN)
        .unless(
            () -> process.isAlive() ? Optional.empty() : Optional.of(LogTail.of(log, LINES_SHOWN)))
        .until(
            "Prometheus collects from " + jobs + " processes",
            () -> said().contains(READY) && query("up == 1").size() == jobs);
  }

  private Optional<String> address() {
    return LISTENING
        .matcher(said())
        .results()
        .map((MatchResult found) -> found.group(1))
        .findFirst();
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }

  /** Returns the series that {@code expression} has now. */
  List<JsonNode> query(String expression) {
    return result("query?query=" + encoded(expression));
  }

  /** Returns the series that {@code expression} has had at any time since the start. */
  List<JsonNode> ever(String expression) {
    return result(
        "query_range?query=%s&start=%s&end=%s&step=1"
            .formatted(
                encoded(expression), begun.getEpochSecond(), Instant.now().getEpochSecond()));
  }

  /** Returns all names of metrics that it has collected. */
  List<String> metrics() {
    return elements(get("label/__name__/values").get("data")).stream()
        .map(JsonNode::asText)
        .toList();
  }

  /** Returns the names of all rules, by how it went to evaluate them: {@code ok}, or not. */
  Map<String, List<String>> rules() {
    return elements(get("rules").at("/data/groups")).stream()
        .flatMap(group -> elements(group.get("rules")).stream())
        .collect(
            Collectors.groupingBy(
                rule -> rule.get("health").asText(),
                Collectors.mapping(rule -> rule.get("name").asText(), Collectors.toList())));
  }

  private List<JsonNode> result(String path) {
    return elements(get(path).get("data").get("result"));
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private JsonNode get(String path) {
    URI uri = URI.create("http://%s/api/v1/%s".formatted(address().orElseThrow(), path));
    try {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("%s: %s".formatted(uri, answer.body()));
      }
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(uri + " did not answer with JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + uri, e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    Runtime.getRuntime().removeShutdownHook(atExit);
    http.close();
  }
}
