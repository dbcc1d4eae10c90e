package dev.refloat.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * One request that the API server has answered, as its <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/apis/audit/v1/types.go">audit
 * log</a> tells it. A watch is answered when it begins.
 *
 * @param resource with its subresource, as in {@code pods/status}; the path where there is none
 * @param name of the object; empty for a list
 * @param at when the answer was ready, with microseconds, by the API server's clock
 */
record AuditEntry(
    String user,
    String verb,
    String resource,
    String namespace,
    String name,
    int code,
    Instant at) {

  private static final int FIRST_REFUSAL = 300;

  /** Returns the entry of a line's JSON; empty for the other stages of a request. */
  static Optional<AuditEntry> of(JsonNode line) {
    String verb = line.path("verb").asText();
    String stage = line.path("stage").asText();
    // A watch is complete when it ends; what counts is that it began.
    boolean answered =
        verb.equals("watch") ? stage.equals("ResponseStarted") : stage.equals("ResponseComplete");
    if (!answered) {
      return Optional.empty();
    }
    JsonNode object = line.path("objectRef");
    String resource =
        object.isMissingNode()
            ? line.path("requestURI").asText()
            : object.path("resource").asText()
                + (object.has("subresource") ? "/" + object.path("subresource").asText() : "");
    return Optional.of(
        new AuditEntry(
            line.path("user").path("username").asText().intern(),
            verb.intern(),
            resource.intern(),
            object.path("namespace").asText().intern(),
            object.path("name").asText(),
            line.path("responseStatus").path("code").asInt(),
            Instant.parse(line.path("stageTimestamp").asText())));
  }

  boolean succeeded() {
    return code < FIRST_REFUSAL;
  }

  String kind() {
    return verb + " " + resource + (succeeded() ? "" : " " + code);
  }
}
