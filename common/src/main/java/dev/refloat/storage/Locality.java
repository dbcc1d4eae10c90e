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
   * @param aliases every value by which the affinity calls the node, those of further keys and of
   *     the node's name included, sorted: as long as anything answers to one of them it is not gone
   */
  record Pinned(
      NodeSelector affinity,
      NavigableSet<String> keys,
      NavigableSet<String> names,
      NavigableSet<String> aliases)
      implements Locality {

    public Pinned {
      keys = Collections.unmodifiableNavigableSet(new TreeSet<>(keys));
      names = Collections.unmodifiableNavigableSet(new TreeSet<>(names));
      aliases = Collections.unmodifiableNavigableSet(new TreeSet<>(aliases));
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
