package dev.refloat.storage;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Whether losing one node loses the volume. */
public sealed interface Locality {

  /**
   * On one node (or on several named ones), by structure.
   *
   * @param affinity where the scheduler may use it
   * @param keys the node labels that stand for one node and that the affinity uses, sorted; empty
   *     if it uses node names only
   * @param names the values of those keys: node names or hostname labels, sorted
   */
  record Pinned(NodeSelector affinity, NavigableSet<String> keys, NavigableSet<String> names)
      implements Locality {

    public Pinned {
      keys = Collections.unmodifiableNavigableSet(new TreeSet<>(keys));
      names = Collections.unmodifiableNavigableSet(new TreeSet<>(names));
    }
  }

  /** Of no local kind: it outlives its node. */
  record NotLocal() implements Locality {}

  /**
   * Of a local kind, but some term of its affinity names no single node (a zone, a pool). Never
   * touched.
   */
  record NotOneNode(String affinity) implements Locality {}
}
