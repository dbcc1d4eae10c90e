package dev.refloat.certs;

import java.util.List;

/** How it stands with the certificates after a pass. */
public sealed interface Standing {

  /** The API server can talk to us. */
  record Good(Credential serving) implements Standing {}

  /**
   * The API server can talk to us, by what was served before: what should follow it is of no use.
   *
   * @param missing what is wrong with that, as in {@link Wanting}
   */
  record Kept(Credential serving, List<String> missing) implements Standing {
    public Kept {
      missing = atLeastOne(missing);
    }
  }

  /**
   * Something is missing.
   *
   * @param missing one sentence each, without a full stop; not empty
   */
  record Wanting(List<String> missing) implements Standing {
    public Wanting {
      missing = atLeastOne(missing);
    }
  }

  private static List<String> atLeastOne(List<String> missing) {
    if (missing.isEmpty()) {
      throw new IllegalArgumentException("missing is empty; expected what is missing");
    }
    return List.copyOf(missing);
  }
}
