package dev.refloat.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** Objects as they arrive: written out in full by an API server, read as Refloat reads. */
final class Served {

  private static final ObjectMapper IN_FULL = new ObjectMapper();
  private static final ObjectMapper IN_PART = new ObjectMapper().setMixIns(Excerpts.all());

  private Served() {}

  /** Returns what is read of the object. */
  @SuppressWarnings("unchecked") // an object is read as what it is
  static <T> T to(T object) {
    try {
      return (T) IN_PART.readValue(IN_FULL.writeValueAsString(object), object.getClass());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
