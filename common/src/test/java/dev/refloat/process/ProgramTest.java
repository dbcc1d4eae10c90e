package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.settings.Settings;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real child processes: only they have signals and an exit status. */
@Timeout(30)
class ProgramTest {

  @Test
  void sigterm_stops_the_work_and_ends_with_status_0() throws Exception {
    Child child = Child.of(Works.class, Map.of("LOG_FORMAT", "text"));
    child.readUntil("work has begun");

    child.terminate();

    assertThat(child.end()).isEqualTo(Program.CLEAN);
    assertThat(child.lines)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .containsPattern(
                        "Starting process=a-test instance=[^ _]+_[0-9a-f-]{36} version=development java=25"),
            line ->
                assertThat(line)
                    .contains("Configuration dryRun=false watchedNamespaces=all DRY_RUN=false")
                    .contains(" REFLOAT_BRAKE=33% "),
            line -> assertThat(line).contains("Serving probes and metrics address=127.0.0.1 port="),
            line -> assertThat(line).contains("work has begun"),
            line -> assertThat(line).contains("Stopping"),
            line -> assertThat(line).contains("work was closed"),
            line -> assertThat(line).contains("Stopped status=0"));
    assertThat(child.errors()).isEmpty();
  }

  @Test
  void sigterm_during_the_start_ends_with_status_0_as_well() throws Exception {
    Child child = Child.of(StartsForEver.class, Map.of());
    child.readUntil("still starting");

    child.terminate();

    assertThat(child.end()).isEqualTo(Program.CLEAN);
  }

  @Test
  void an_emergency_stops_the_work_and_ends_as_broken() throws Exception {
    Child child = Child.of(HasAnEmergency.class, Map.of("LOG_FORMAT", "text"));

    assertThat(child.end()).isEqualTo(Program.BROKEN);
    assertThat(String.join("\n", child.lines))
        .contains("ERROR Cannot go on why=\"the Lease is lost\"")
        .contains("work was closed")
        .contains("Stopped status=1");
  }

  @Test
  void work_that_cannot_be_closed_ends_as_broken() throws Exception {
    Child child = Child.of(CannotBeClosed.class, Map.of("LOG_FORMAT", "text"));
    child.readUntil("work has begun");

    child.terminate();

    assertThat(child.end()).isEqualTo(Program.BROKEN);
    assertThat(String.join("\n", child.lines)).contains("ERROR Failed to stop cleanly");
  }

  @Test
  void all_wrong_settings_are_told_on_standard_error_and_end_with_status_2() throws Exception {
    Child child =
        Child.of(Works.class, Map.of("DRY_RUN", "maybe", "REFLOAT_GRACE_NODE_GONE", "15"));

    assertThat(child.end()).isEqualTo(Program.MISUSED);
    assertThat(child.lines).isEmpty();
    assertThat(child.errors())
        .isEqualTo(
            """
            a-test cannot start: 2 settings are wrong (docs/settings.md lists all of them).
            DRY_RUN is "maybe"; expected true or false
            REFLOAT_GRACE_NODE_GONE is "15"; expected a duration such as 500ms, 15s, 10m or 1h30m
            """);
  }

  @Test
  void a_port_in_use_is_told_in_words_and_ends_as_broken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Child child =
          Child.of(
              Works.class,
              Map.of(
                  "LOG_FORMAT",
                  "text",
                  "REFLOAT_HTTP_ADDRESS",
                  "127.0.0.1:" + taken.getLocalPort()));

      assertThat(child.end()).isEqualTo(Program.BROKEN);
      assertThat(String.join("\n", child.lines))
          .contains("ERROR Failed to start why=\"cannot serve probes and metrics on 127.0.0.1:")
          .contains("Address already in use; end the program that uses the port, or set")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void requests_that_never_end_cannot_keep_the_probes_away_for_long() throws Exception {
    // In a JVM of its own: the limits count only if no other server was made before ours.
    Child child = Child.of(Works.class, Map.of("LOG_FORMAT", "text"));
    child.readUntil("work has begun");
    int port = Integer.parseInt(child.lines.get(2).replaceFirst(".* port=", ""));
    List<Socket> stuck = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        stuck.add(request(port, "GET /livez HTTP/1.1\r\nHost"));
      }

      // The server hangs up on them by itself ...
      assertThat(stuck.getFirst().getInputStream().read()).isEqualTo(-1);
      // ... and answers again.
      try (Socket socket = request(port, "GET /livez HTTP/1.1\r\nHost: me\r\n\r\n")) {
        assertThat(new String(socket.getInputStream().readNBytes(15), UTF_8))
            .isEqualTo("HTTP/1.1 200 OK");
      }
    } finally {
      for (Socket socket : stuck) {
        socket.close();
      }
      child.terminate();
    }
    assertThat(child.end()).isEqualTo(Program.CLEAN);
  }

  private static Socket request(int port, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    socket.getOutputStream().write(text.getBytes(UTF_8));
    return socket;
  }

  /** A Main as the real ones are. */
  static final class Works {
    public static void main(String[] arguments) {
      System.exit(
          Program.run(
              Works.class,
              "a-test",
              Settings.controller(System.getenv()),
              (settings, _, emergency) -> {
                ProbeServer probes =
                    ProbeServer.start(
                        settings.shared().http(), Readiness.Ready::new, new PrometheusRegistry());
                System.out.println("work has begun");
                return () -> {
                  probes.close();
                  System.out.println("work was closed");
                };
              }));
    }
  }

  static final class StartsForEver {
    public static void main(String[] arguments) {
      System.exit(
          Program.run(
              StartsForEver.class,
              "a-test",
              Settings.controller(System.getenv()),
              (settings, _, emergency) -> {
                System.out.println("still starting");
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return () -> {};
              }));
    }
  }

  static final class HasAnEmergency {
    public static void main(String[] arguments) {
      System.exit(
          Program.run(
              HasAnEmergency.class,
              "a-test",
              Settings.controller(System.getenv()),
              (settings, _, emergency) -> {
                emergency.stop("the Lease is lost");
                return () -> System.out.println("work was closed");
              }));
    }
  }

  static final class CannotBeClosed {
    public static void main(String[] arguments) {
      System.exit(
          Program.run(
              CannotBeClosed.class,
              "a-test",
              Settings.controller(System.getenv()),
              (settings, _, emergency) -> {
                System.out.println("work has begun");
                return () -> {
                  throw new IOException("the disk is full");
                };
              }));
    }
  }

  /** A JVM of its own that runs one of the mains above. */
  private record Child(Process process, BufferedReader output, List<String> lines) {

    static Child of(Class<?> main, Map<String, String> environment) throws IOException {
      ProcessBuilder builder =
          new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-cp",
              System.getProperty("java.class.path"),
              main.getName());
      builder.environment().clear();
      builder.environment().put("REFLOAT_HTTP_ADDRESS", "127.0.0.1:0");
      builder.environment().putAll(environment);
      Process process = builder.start();
      return new Child(process, process.inputReader(UTF_8), new ArrayList<>());
    }

    void readUntil(String text) throws IOException {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        if (line.contains(text)) {
          return;
        }
      }
      throw new AssertionError("ended without \"" + text + "\": " + lines + errors());
    }

    /** SIGTERM by the handle, because {@code Process.destroy} also closes what we still read. */
    void terminate() {
      assertThat(process.toHandle().destroy()).isTrue();
    }

    int end() throws IOException, InterruptedException {
      try {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          lines.add(line);
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
      } finally {
        process.toHandle().destroyForcibly();
      }
    }

    String errors() throws IOException {
      try (InputStream errors = process.getErrorStream()) {
        return new String(errors.readAllBytes(), UTF_8);
      }
    }
  }
}
