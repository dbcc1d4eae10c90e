package dev.refloat.recovery;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is left of the volumes that are made by hand, and who waits for one.
 *
 * @param free volumes that are Available and reserved for nobody
 * @param waiting claims of those classes, in any namespace, that have no volume yet
 */
public record SpareVolumes(List<Volume> free, List<Claim> waiting) {

  public static final SpareVolumes NONE = new SpareVolumes(List.of(), List.of());

  public SpareVolumes {
    free = List.copyOf(free);
    waiting = List.copyOf(waiting);
  }

  /** Both together. */
  public SpareVolumes and(SpareVolumes other) {
    return new SpareVolumes(
        Stream.concat(free.stream(), other.free.stream()).toList(),
        Stream.concat(waiting.stream(), other.waiting.stream()).toList());
  }
}
