package dev.refloat.recovery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What else is going on.
 *
 * @param inSet the pod of the same StatefulSet that is being refloated now, if any
 * @param inFlight how many recoveries hold a place now, or have one kept for them
 * @param nextAllowed when the rate allows one more than those that are kept for others; empty = now
 * @param givenUp claims that recoveries under way have deleted, or are about to
 * @param goneNodes names of the gone nodes that any stranded pod is pinned to
 */
public record Traffic(
    Optional<String> inSet,
    int inFlight,
    Optional<Instant> nextAllowed,
    List<Claim> givenUp,
    Set<String> goneNodes) {

  public static final Traffic NONE =
      new Traffic(Optional.empty(), 0, Optional.empty(), List.of(), Set.of());

  public Traffic {
    givenUp = List.copyOf(givenUp);
    goneNodes = Set.copyOf(goneNodes);
  }
}
