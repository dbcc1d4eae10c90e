package dev.refloat.admission;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one object's metadata says about Refloat: the labels and annotations of our prefix, sorted.
 */
public record Marks(SortedMap<String, String> labels, SortedMap<String, String> annotations) {

  /** An object that says nothing. */
  public static final Marks NONE = new Marks(new TreeMap<>(), new TreeMap<>());

  public Marks {
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
  }

  public static Marks of(Map<String, String> labels, Map<String, String> annotations) {
    return new Marks(new TreeMap<>(labels), new TreeMap<>(annotations));
  }
}
