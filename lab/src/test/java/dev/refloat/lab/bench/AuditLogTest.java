package dev.refloat.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {

  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("audit.log");
  }

  /** As a 1.36 API server writes it, without what nobody looks at. */
  private static String line(
      String user, String verb, String object, String stage, int code, Instant at) {
    return """
        {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","stage":"%s","verb":"%s",\
        "user":{"username":"%s"},"objectRef":{%s},"responseStatus":{"metadata":{},"code":%d},\
        "stageTimestamp":"%s"}
        """
        .formatted(stage, verb, user, object, code, at);
  }

  private void append(String text) throws IOException {
    Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String podsOf(String namespace, String name) {
    return "\"resource\":\"pods\",\"namespace\":\"%s\",\"name\":\"%s\"".formatted(namespace, name);
  }

  @Test
  void tells_who_was_answered_what_and_when() throws IOException {
    append(line("me", "delete", podsOf("ns", "db-0"), "ResponseComplete", 409, NOON));

    assertThat(new AuditLog(file()).entries())
        .containsExactly(new AuditEntry("me", "delete", "pods", "ns", "db-0", 409, NOON));
  }

  @Test
  void a_watch_counts_once_when_it_begins() throws IOException {
    append(line("me", "watch", "\"resource\":\"pods\"", "ResponseStarted", 200, NOON));
    append(line("me", "watch", "\"resource\":\"pods\"", "ResponseComplete", 200, NOON));

    assertThat(new AuditLog(file()).entries()).hasSize(1);
  }

  @Test
  void a_streamed_answer_that_is_no_watch_counts_once_when_it_is_complete() throws IOException {
    append(line("me", "get", "\"resource\":\"pods\"", "ResponseStarted", 200, NOON));
    append(line("me", "get", "\"resource\":\"pods\"", "ResponseComplete", 200, NOON.plusMillis(1)));

    assertThat(new AuditLog(file()).entries())
        .singleElement()
        .extracting(AuditEntry::at)
        .isEqualTo(NOON.plusMillis(1));
  }

  @Test
  void reads_on_where_it_stopped_and_leaves_half_a_line_for_later() throws IOException {
    AuditLog log = new AuditLog(file());
    assertThat(log.entries()).as("before the API server has written anything").isEmpty();
    String second = line("me", "get", podsOf("ns", "b"), "ResponseComplete", 200, NOON);
    append(line("me", "get", podsOf("ns", "a"), "ResponseComplete", 200, NOON));
    append(second.substring(0, 40));

    assertThat(log.entries()).extracting(AuditEntry::name).containsExactly("a");
    append(second.substring(40));
    assertThat(log.entries()).extracting(AuditEntry::name).containsExactly("a", "b");
  }

  @Test
  void tells_clients_and_times_apart() throws IOException {
    append(line("me", "get", podsOf("ns", "early"), "ResponseComplete", 200, NOON.minusMillis(1)));
    append(line("me", "get", podsOf("ns", "now"), "ResponseComplete", 200, NOON));
    append(line("you", "get", podsOf("ns", "yours"), "ResponseComplete", 200, NOON));

    assertThat(new AuditLog(file()).of("me", NOON))
        .extracting(AuditEntry::name)
        .containsExactly("now");
  }

  @Test
  void refusals_and_subresources_are_kinds_of_their_own() throws IOException {
    append(line("me", "delete", podsOf("ns", "a"), "ResponseComplete", 200, NOON));
    append(line("me", "delete", podsOf("ns", "b"), "ResponseComplete", 200, NOON));
    append(line("me", "delete", podsOf("ns", "c"), "ResponseComplete", 409, NOON));
    append(
        line(
            "me",
            "patch",
            "\"resource\":\"pods\",\"subresource\":\"status\"",
            "ResponseComplete",
            200,
            NOON));

    Requests requests = Requests.of(new AuditLog(file()).entries());

    assertThat(requests.counts())
        .containsExactly(
            Map.entry("delete pods", 2),
            Map.entry("delete pods 409", 1),
            Map.entry("patch pods/status", 1));
    assertThat(requests.total()).isEqualTo(4);
  }
}
