package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {

  @Test
  void a_line_of_text_reads_well() {
    String line =
        text(
            event("dev.refloat.controller.Watch", Level.INFO, "Successfully deleted PVC")
                .with("namespace", "shop")
                .with("pod", "db-1")
                .with("dryRun", false)
                .with("seconds", 1.5)
                .with("grace", Duration.ofSeconds(90))
                .with("nodes", List.of("a", "b"))
                .with("file", Path.of("/a/b")));

    assertThat(line)
        .matches(
            "\\d\\d:\\d\\d:01\\.123 INFO  Successfully deleted PVC namespace=shop pod=db-1"
                + " dryRun=false seconds=1\\.5 grace=1m30s nodes=a,b file=/a/b\n");
  }

  @Test
  void a_value_that_could_be_taken_for_something_else_is_quoted() {
    String line =
        text(
            event("dev.refloat.Any", Level.WARN, "holding")
                .with("reason", "1 of 2 replicas is Ready")
                .with("empty", "")
                .with("nothing", null)
                .with("selector", "a=b")
                .with("said", "\"no\""));

    assertThat(line)
        .endsWith(
            " WARN  holding reason=\"1 of 2 replicas is Ready\" empty=\"\" nothing=\"\""
                + " selector=\"a=b\" said=\"\\\"no\\\"\"\n");
  }

  @Test
  void nobody_can_forge_a_line() {
    String line =
        text(
            event("dev.refloat.Any", Level.WARN, "a\nmessage")
                .with("pod", "x\n12:00:00.000 INFO  Cleanup completed\u001b[0m"));

    assertThat(line)
        .hasLineCount(1)
        .endsWith("a\\nmessage pod=\"x\\n12:00:00.000 INFO  Cleanup completed\\u001b[0m\"\n");
  }

  @Test
  void a_line_of_a_library_says_which_one() {
    assertThat(text(event("io.fabric8.kubernetes.Watch", Level.WARN, "reconnecting")))
        .endsWith(" WARN  reconnecting logger=io.fabric8.kubernetes.Watch\n");
  }

  @Test
  void a_stack_trace_follows_its_line() {
    assertThat(
            text(
                event("dev.refloat.Any", Level.ERROR, "Failed to delete")
                    .because(new IllegalStateException("away", new IOException("reset")))))
        .contains("ERROR Failed to delete\njava.lang.IllegalStateException: away")
        .contains("\tat dev.refloat.process.LogLinesTest")
        .contains("Caused by: java.io.IOException: reset");
  }

  @Test
  void a_line_of_json_is_one_flat_object_with_native_types() throws IOException {
    String line =
        json(
            event("dev.refloat.controller.Watch", Level.INFO, "Cleanup completed")
                .with("namespace", "shop")
                .with("dryRun", false)
                .with("seconds", 1.5)
                .with("attempt", 2)
                .with("limit", 3L)
                .with("grace", Duration.ofSeconds(90))
                .with("until", Instant.parse("2026-11-23T12:00:00Z"))
                .with("nothing", null)
                .with("nodes", List.of("a", "b"))
                .with("file", Path.of("/a/b")));

    assertThat(line).endsWith("}\n").hasLineCount(1);
    assertThat(new ObjectMapper().readTree(line))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"time": "2026-11-23T12:00:01.123Z", "level": "INFO",
                     "logger": "dev.refloat.controller.Watch", "message": "Cleanup completed",
                     "namespace": "shop", "dryRun": false, "seconds": 1.5, "attempt": 2, "limit": 3,
                     "grace": "1m30s", "until": "2026-11-23T12:00:00Z", "nothing": null,
                     "nodes": ["a", "b"], "file": "/a/b"}
                    """));
  }

  @Test
  void an_exception_is_one_field_of_bounded_length() throws IOException {
    JsonNode line =
        new ObjectMapper()
            .readTree(
                json(
                    event("dev.refloat.Any", Level.ERROR, "Failed to delete")
                        .because(new IllegalStateException("!".repeat(100_000)))));

    assertThat(line.get("exception").asText())
        .startsWith("java.lang.IllegalStateException: !!!")
        .hasSizeLessThanOrEqualTo(8_000);
  }

  @Test
  void a_value_that_is_an_object_becomes_its_text_and_is_not_walked_through() throws IOException {
    record Pair(String name, Object self) {}

    JsonNode line =
        new ObjectMapper()
            .readTree(
                json(
                    event("dev.refloat.Any", Level.INFO, "odd")
                        .with("pair", new Pair("a", "b"))
                        .with("reference", new AtomicReference<>("c"))));

    assertThat(line.get("pair").asText()).isEqualTo("Pair[name=a, self=b]");
    assertThat(line.get("reference").asText()).isEqualTo("c");
  }

  private static String text(Event event) {
    return line(new TextLines(), event);
  }

  private static String json(Event event) {
    return line(JsonLines.encoder(), event);
  }

  private static String line(Encoder<ILoggingEvent> encoder, Event event) {
    encoder.setContext(event.context);
    encoder.start();
    return new String(encoder.encode(event.logged), UTF_8);
  }

  private static Event event(String logger, Level level, String message) {
    return new Event(logger, level, message);
  }

  private static final class Event {
    private final LoggerContext context = new LoggerContext();
    private final LoggingEvent logged;

    Event(String logger, Level level, String message) {
      logged = new LoggingEvent("", context.getLogger(logger), level, message, null, null);
      logged.setInstant(Instant.parse("2026-11-23T12:00:01.123Z"));
    }

    Event with(String key, @Nullable Object value) {
      logged.addKeyValuePair(new KeyValuePair(key, value));
      return this;
    }

    Event because(Throwable cause) {
      logged.setThrowableProxy(new ch.qos.logback.classic.spi.ThrowableProxy(cause));
      return this;
    }
  }
}
