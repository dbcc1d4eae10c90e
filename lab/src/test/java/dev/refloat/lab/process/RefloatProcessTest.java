package dev.refloat.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefloatProcessTest {

  @TempDir private Path folder;

  private Path script(String body) throws IOException {
    Path script = folder.resolve("program");
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  private RefloatProcess start(String body, Map<String, String> environment) throws IOException {
    return RefloatProcess.start("program", script(body), environment, folder.resolve("log"));
  }

  @Test
  void is_ready_once_the_port_that_it_has_logged_says_so() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/readyz",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    int port = server.getAddress().getPort();
    String line =
        "{\"level\":\"INFO\",\"message\":\"Serving probes and metrics\",\"port\":%d}"
            .formatted(port);

    try (RefloatProcess process = start("echo '" + line + "'; exec cat <&1", Map.of())) {
      process.awaitReady(Duration.ofSeconds(10));

      assertThat(process.probePort()).contains(port);
      assertThat(process.admissionPort()).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void one_that_ends_shows_the_end_of_its_log() throws Exception {
    try (RefloatProcess process =
        start("echo 'REFLOAT_BRAKE is 5; expected a percentage'; exit 2", Map.of())) {
      assertThatThrownBy(() -> process.awaitReady(Duration.ofSeconds(10)))
          .isInstanceOf(RefloatProcessFailed.class)
          .hasMessageContaining("program ended with exit code 2")
          .hasMessageContaining("REFLOAT_BRAKE is 5; expected a percentage")
          .hasMessageContaining(folder.resolve("log").toString());
    }
  }

  @Test
  void gets_the_variables_that_it_is_given_and_free_ports() throws Exception {
    try (RefloatProcess process = start("env; exit 0", Map.of("REFLOAT_GRACE_NODE_GONE", "2s"))) {
      assertThat(process.awaitEnd()).isZero();

      assertThat(process.log())
          .extracting(LogLine::text)
          .contains(
              "REFLOAT_GRACE_NODE_GONE=2s", "REFLOAT_HTTP_ADDRESS=127.0.0.1:0", "LOG_FORMAT=json");
    }
  }

  @Test
  void none_of_the_callers_own_variables_are_handed_on() {
    assertThat(
            Map.of(
                    "REFLOAT_DRAIN_DELAY", "1s",
                    "REFLOAT_JAVA_HOME", "/opt/java",
                    "KUBECONFIG", "/home/ada/.kube/config",
                    "DRY_RUN", "true",
                    "PATH", "/bin")
                .entrySet())
        .filteredOn(RefloatProgram::isOurs)
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder("REFLOAT_DRAIN_DELAY", "KUBECONFIG", "DRY_RUN");
  }

  @Test
  void sigterm_reaches_it_and_its_exit_code_comes_back() throws Exception {
    try (RefloatProcess process =
        start("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done", Map.of())) {
      process.awaitLine(
          "says that it is up", line -> line.text().equals("up"), Duration.ofSeconds(10));

      assertThat(process.terminate()).isEqualTo(7);
      assertThat(process.log()).extracting(LogLine::text).containsExactly("up", "bye");
    }
  }

  @Test
  void a_layout_that_was_not_built_is_told() {
    assertThatThrownBy(
            () ->
                RefloatProcess.start(
                    "program", folder.resolve("absent"), Map.of(), folder.resolve("log")))
        .isInstanceOf(RefloatProcessFailed.class)
        .hasMessageContaining("mvn -DskipTests package");
  }

  @Test
  void a_line_that_is_not_json_is_its_own_message() {
    assertThat(LogLine.of("Killed").message()).isEqualTo("Killed");
    assertThat(LogLine.of("{\"message\":\"half").message()).isEqualTo("{\"message\":\"half");
    assertThat(LogLine.of("{\"message\":\"Ready\",\"pod\":\"db-0\"}").get("pod")).contains("db-0");
  }
}
