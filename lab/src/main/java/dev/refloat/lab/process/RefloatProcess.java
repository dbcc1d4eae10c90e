package dev.refloat.lab.process;

import dev.refloat.lab.LogTail;
import dev.refloat.lab.Signal;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.await.AwaitFailed;
import dev.refloat.lab.controlplane.OwnSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A webhook or controller that runs as it would for a user: from the layout of the build, by its
 * script, with its environment.
 */
public final class RefloatProcess implements AutoCloseable {

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final Duration END_WITHIN = Duration.ofSeconds(30);
  private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);
  private static final String SERVING_PROBES = "Serving probes and metrics";
  private static final int LINES_SHOWN = 20;

  private final String name;
  private final Process process;
  private final Path logFile;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE_PATIENCE).build();
  private final Thread atExit;

  private RefloatProcess(String name, Process process, Path logFile) {
    this.name = name;
    this.process = process;
    this.logFile = logFile;
    this.atExit = new Thread(process::destroyForcibly, "end-" + name);
  }

  /**
   * Starts {@code program} from the layout of the build.
   *
   * @param environment Refloat's variables; none of those of this process are handed on. Unless it
   *     says otherwise the log is JSON and the ports are any free ones on loopback
   * @param logFile where standard output and error go
   */
  public static RefloatProcess start(
      RefloatProgram program, Map<String, String> environment, Path logFile) {
    return start(program.program(), program.script(), environment, logFile);
  }

  /** The same, under a limit from its first instruction on. */
  public static RefloatProcess start(
      RefloatProgram program, Map<String, String> environment, Path logFile, MemoryLimit limit) {
    return start(program.program(), program.script(), environment, logFile, limit::around);
  }

  /** Starts what {@code script} starts. */
  public static RefloatProcess start(
      String name, Path script, Map<String, String> environment, Path logFile) {
    return start(name, script, environment, logFile, UnaryOperator.identity());
  }

  private static RefloatProcess start(
      String name,
      Path script,
      Map<String, String> environment,
      Path logFile,
      UnaryOperator<List<String>> around) {
    if (!Files.isExecutable(script)) {
      throw new RefloatProcessFailed(
          "there is no %s; mvn -DskipTests package makes it".formatted(script));
    }
    ProcessBuilder builder =
        new ProcessBuilder(OwnSession.wrap(around.apply(List.of(script.toString()))))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(logFile.toFile())
            .redirectErrorStream(true);
    builder.environment().entrySet().removeIf(RefloatProgram::isOurs);
    builder.environment().putAll(withDefaults(environment));
    try {
      RefloatProcess started = new RefloatProcess(name, builder.start(), logFile);
      Runtime.getRuntime().addShutdownHook(started.atExit);
      return started;
    } catch (IOException e) {
      throw new RefloatProcessFailed("cannot start " + script, e);
    }
  }

  private static Map<String, String> withDefaults(Map<String, String> environment) {
    Map<String, String> all =
        new TreeMap<>(
            Map.of(
                "LOG_FORMAT", "json",
                "REFLOAT_HTTP_ADDRESS", "127.0.0.1:0",
                "REFLOAT_WEBHOOK_ADDRESS", "127.0.0.1:0"));
    all.putAll(environment);
    return all;
  }

  /** Returns this process once {@code /readyz} has answered 200. */
  public RefloatProcess awaitReady() {
    return awaitReady(READY_WITHIN);
  }

  /**
   * Returns this process once {@code /readyz} has answered 200.
   *
   * @throws RefloatProcessFailed if it ends, or is not ready after {@code patience}; the message
   *     shows the end of its log
   */
  public RefloatProcess awaitReady(Duration patience) {
    await(patience, "is ready", () -> probePort().map(this::isReady).orElse(false));
    return this;
  }

  /** Returns the first line that {@code wanted} accepts, once it is there. */
  public LogLine awaitLine(String what, Predicate<LogLine> wanted, Duration patience) {
    await(patience, what, () -> log().stream().anyMatch(wanted));
    return log().stream().filter(wanted).findFirst().orElseThrow();
  }

  private void await(Duration patience, String what, BooleanSupplier holds) {
    try {
      Await.within(patience)
          .until(
              name + " " + what,
              () -> {
                // Whether it lives is asked first: what it wrote before it ended is then all there.
                boolean alive = process.isAlive();
                if (holds.getAsBoolean()) {
                  return true;
                }
                if (!alive) {
                  throw new RefloatProcessFailed(
                      complaint("ended with exit code " + process.exitValue()));
                }
                return false;
              });
    } catch (AwaitFailed e) {
      throw new RefloatProcessFailed(complaint("does not do this: " + e.getMessage()), e);
    }
  }

  private String complaint(String what) {
    return "%s %s. The end of its log:%n%s%nThe whole log: %s"
        .formatted(name, what, LogTail.of(logFile, LINES_SHOWN), logFile);
  }

  /** Returns whether {@code /readyz} answers 200 now. */
  public boolean isReady() {
    return probePort().map(this::isReady).orElse(false);
  }

  private boolean isReady(int port) {
    return get(port, "/readyz").map(answer -> answer.statusCode() == 200).orElse(false);
  }

  /** Returns what {@code path} on the plain port answers, such as {@code /metrics}. */
  public String get(String path) {
    int port =
        probePort()
            .orElseThrow(() -> new RefloatProcessFailed(complaint("has not said its port yet")));
    return get(port, path)
        .map(HttpResponse::body)
        .orElseThrow(() -> new RefloatProcessFailed(complaint("does not answer " + path)));
  }

  /**
   * Returns the value of a sample among the metrics; 0 where it is not there, as of a counter that
   * has counted nothing.
   *
   * @param sample the name, with its labels if it has any
   */
  public double metric(String sample) {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  private Optional<HttpResponse<String>> get(int port, String path) {
    try {
      return Optional.of(
          http.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(PROBE_PATIENCE)
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefloatProcessFailed("interrupted while asking " + name, e);
    }
  }

  /** Returns the port of probes and metrics, as the process has logged it. */
  public Optional<Integer> probePort() {
    return port(SERVING_PROBES);
  }

  /** Returns the port of admission, as the webhook has logged it. */
  public Optional<Integer> admissionPort() {
    return port("Serving admission");
  }

  private Optional<Integer> port(String message) {
    return log().stream()
        .filter(line -> line.message().equals(message))
        .flatMap(line -> line.get("port").stream())
        .map(Integer::valueOf)
        .findFirst();
  }

  /** Returns the lines that the process has written so far. */
  public List<LogLine> log() {
    try {
      return Files.readString(logFile, StandardCharsets.UTF_8).lines().map(LogLine::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + logFile, e);
    }
  }

  /** Returns the file that the process writes to. */
  public Path logFile() {
    return logFile;
  }

  /** Returns the handle of the process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Returns whether the process still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Asks the process to end, by SIGTERM, and returns its exit code. */
  public int terminate() {
    process.destroy();
    return awaitEnd();
  }

  /** Stops the process where it is, by SIGSTOP; it knows nothing of it. */
  public void suspend() {
    Signal.STOP.to(handle());
  }

  /** Lets a suspended process go on, by SIGCONT. */
  public void resume() {
    Signal.CONT.to(handle());
  }

  /** Ends the process at once, by SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Returns the exit code of a process that ends by itself. */
  public int awaitEnd() {
    try {
      if (!process.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new RefloatProcessFailed(
            complaint("has not ended after " + END_WITHIN.toSeconds() + " s"));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefloatProcessFailed("interrupted while waiting for the end of " + name, e);
    }
  }

  /** Ends the process at once if it still runs. */
  @Override
  public void close() {
    process.destroyForcibly();
    // Killed, it ends within milliseconds; what it was in can go then.
    process.onExit().completeOnTimeout(process, END_WITHIN.toSeconds(), TimeUnit.SECONDS).join();
    http.shutdownNow();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is going down already.
    }
  }
}
