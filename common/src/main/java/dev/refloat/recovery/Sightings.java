package dev.refloat.recovery;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Since when each cause of one pod has been seen without a break. Immutable.
 *
 * <p>What is not seen once is forgotten: a node that came back for a moment starts its grace anew.
 *
 * @param since the first sighting of each cause that was there the last time
 */
public record Sightings(Map<Cause, Instant> since) {

  public static final Sightings NONE = new Sightings(Map.of());

  public Sightings {
    since = Map.copyOf(since);
  }

  /**
   * What is known after the causes that are there {@code now} have been seen: older ones keep their
   * time, new ones start.
   */
  public Sightings seen(Set<Cause> causes, Instant now) {
    Map<Cause, Instant> next = new HashMap<>();
    for (Cause cause : causes) {
      next.put(cause, since.getOrDefault(cause, now));
    }
    return new Sightings(next);
  }
}
