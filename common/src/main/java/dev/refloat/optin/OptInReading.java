package dev.refloat.optin;

import java.util.List;

/** What a pod's annotations say about giving up its volumes. */
public sealed interface OptInReading {

  /** Nothing, or {@code recover: "false"}. */
  record No() implements OptInReading {}

  record Yes(OptIn optIn) implements OptInReading {}

  /**
   * Something that makes no sense. All mistakes, sorted by annotation. Nothing is done until they
   * are mended.
   */
  record Malformed(List<Mistake> mistakes) implements OptInReading {

    public Malformed {
      mistakes = List.copyOf(mistakes);
    }
  }
}
