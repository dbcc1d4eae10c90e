package dev.refloat.controller;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Something that is kept of each of some pods, found by their set: who looks at one set does not
 * look through those of all others. Safe for use by several threads.
 *
 * @param <V> what is kept of a pod
 */
public final class PerPod<V> {

  /** By set, then by the pod's name or UID; no set is without pods. */
  private final Map<SetKey, Map<String, V>> sets = new HashMap<>();

  /** Returns what is kept of that pod. */
  public synchronized Optional<V> get(SetKey key, String pod) {
    return Optional.ofNullable(sets.getOrDefault(key, Map.of()).get(pod));
  }

  /** Keeps this of that pod, and returns what was kept before. */
  public synchronized Optional<V> put(SetKey key, String pod, V value) {
    return Optional.ofNullable(sets.computeIfAbsent(key, _ -> new HashMap<>()).put(pod, value));
  }

  /** Forgets that pod. */
  public synchronized void remove(SetKey key, String pod) {
    sets.computeIfPresent(
        key,
        (_, pods) -> {
          pods.remove(pod);
          return pods.isEmpty() ? null : pods;
        });
  }

  /** Forgets the pods of a set that are not among these, and returns what was kept of them. */
  public synchronized List<V> retain(SetKey key, Set<String> pods) {
    Map<String, V> forgotten = new HashMap<>(sets.getOrDefault(key, Map.of()));
    forgotten.keySet().removeAll(pods);
    forgotten.keySet().forEach(pod -> remove(key, pod));
    return List.copyOf(forgotten.values());
  }

  /** Keeps something else of each pod from now on. */
  public synchronized void replaceAll(BiFunction<SetKey, V, V> change) {
    sets.forEach((key, pods) -> pods.replaceAll((_, value) -> change.apply(key, value)));
  }

  /** Returns everything that is kept. */
  public synchronized List<V> all() {
    return sets.values().stream().flatMap(pods -> pods.values().stream()).toList();
  }

  public synchronized int count() {
    return sets.values().stream().mapToInt(Map::size).sum();
  }
}
