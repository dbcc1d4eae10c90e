package dev.refloat.lab.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;

/**
 * One line of a log.
 *
 * @param text as it was written
 * @param json the line as JSON; the missing node if it is none, as the lines of the JVM itself
 */
public record LogLine(String text, JsonNode json) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns the line that {@code text} is. */
  static LogLine of(String text) {
    if (!text.startsWith("{")) {
      return new LogLine(text, MissingNode.getInstance());
    }
    try {
      return new LogLine(text, JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return new LogLine(text, MissingNode.getInstance()); // being written right now
    }
  }

  /** Returns the message; the whole line if it is not JSON. */
  public String message() {
    return get("message").orElse(text);
  }

  /** Returns the value of {@code key}. */
  public Optional<String> get(String key) {
    return json.hasNonNull(key) ? Optional.of(json.get(key).asText()) : Optional.empty();
  }

  @Override
  public String toString() {
    return text;
  }
}
