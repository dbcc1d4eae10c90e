package dev.refloat.lab.bench;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many requests of which kind.
 *
 * @param counts by verb, resource and, where it was refused, the answer: {@code "get pods"}, {@code
 *     "delete pods 409"}
 */
record Requests(SortedMap<String, Integer> counts) {

  Requests {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  static Requests of(Collection<AuditEntry> entries) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    entries.forEach(entry -> counts.merge(entry.kind(), 1, Integer::sum));
    return new Requests(counts);
  }

  int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
