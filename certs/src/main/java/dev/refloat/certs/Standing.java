package dev.refloat.certs;

import java.util.List;

/** How it stands with the certificates after a pass. */
public sealed interface Standing {

  /** The API server can talk to us. */
  record Good(Credential serving) implements Standing {}

  /**
   * Something is missing.
   *
   * @param missing one sentence each, without a full stop; not empty
   */
  record Wanting(List<String> missing) implements Standing {
    public Wanting {
      missing = List.copyOf(missing);
      if (missing.isEmpty()) {
        throw new IllegalArgumentException("missing is empty; expected what is missing");
      }
    }
  }
}
