package dev.refloat.optin;

import dev.refloat.settings.Durations;
import java.time.Duration;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A user's decision what may be given up for a pod, and when.
 *
 * @param states which states of the pinned node count as a loss; never empty
 * @param data what becomes of the old data
 * @param after grace for all states; empty = the controller's own grace of each state
 * @param minReady how many of the other replicas must be well
 */
public record OptIn(
    NavigableSet<LostState> states, Data data, Optional<Duration> after, MinReady minReady) {

  public OptIn {
    if (states.isEmpty()) {
      throw new IllegalArgumentException("an opt-in names at least one state");
    }
    states = Collections.unmodifiableNavigableSet(new TreeSet<>(states));
  }

  public static OptIn of(Set<LostState> states) {
    return new OptIn(new TreeSet<>(states), Data.KEEP, Optional.empty(), new MinReady.All());
  }

  @Override
  public String toString() {
    return "recover="
        + states.stream().map(LostState::word).collect(Collectors.joining(","))
        + " data="
        + data
        + after.map(grace -> " after=" + Durations.print(grace)).orElse("")
        + " min-ready="
        + minReady;
  }
}
