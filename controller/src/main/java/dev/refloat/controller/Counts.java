package dev.refloat.controller;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** How many of some pods name each of some names. For use under somebody's lock. */
final class Counts {

  private final Map<String, Integer> counts = new HashMap<>();

  /** One more names these. */
  void add(Collection<String> names) {
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
  }

  /** One that was added names these no more. */
  void remove(Collection<String> names) {
    names.forEach(name -> counts.computeIfPresent(name, (_, n) -> n == 1 ? null : n - 1));
  }

  /** The names that anybody names. */
  Set<String> names() {
    return Set.copyOf(counts.keySet());
  }
}
