package dev.refloat.controller;

import dev.refloat.controller.act.Recovered;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Recoveries that were left before their end, because their claim did not go or their pod got no
 * node in time. How each ends is told when its pod does not wait any more.
 */
final class LooseEnds {

  private record Waiting(SetKey key, String pod) {}

  private final Map<Waiting, Recovered> left = new ConcurrentHashMap<>();

  /** The pod waits on, and nobody stays with it. */
  void leave(Recovered recovered) {
    left.put(new Waiting(recovered.key(), recovered.about().pod().name()), recovered);
  }

  /** Somebody stays with that pod again, and will tell how it ends. */
  void takeUp(SetKey key, String pod) {
    left.remove(new Waiting(key, pod));
  }

  /** Returns, once, what was left of those pods of a set that do not wait any more. */
  List<Recovered> ended(SetKey key, Set<String> waiting) {
    return left.keySet().stream()
        .filter(each -> each.key().equals(key) && !waiting.contains(each.pod()))
        .flatMap(each -> Optional.ofNullable(left.remove(each)).stream())
        .toList();
  }
}
