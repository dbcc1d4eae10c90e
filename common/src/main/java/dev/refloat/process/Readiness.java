package dev.refloat.process;

import java.util.List;

/** Whether the process can do its work now. */
public sealed interface Readiness {

  /** Everything it needs is there. */
  record Ready() implements Readiness {}

  /**
   * Not yet, or no more.
   *
   * @param things what is missing, one sentence each, such as {@code "the watch of pods is not
   *     established"}
   */
  record Missing(List<String> things) implements Readiness {
    public Missing {
      things = List.copyOf(things);
      if (things.isEmpty()) {
        throw new IllegalArgumentException("things is empty; expected what is missing");
      }
    }
  }

  /** Returns {@link Ready} if nothing is missing. */
  static Readiness of(List<String> missing) {
    return missing.isEmpty() ? new Ready() : new Missing(missing);
  }
}
