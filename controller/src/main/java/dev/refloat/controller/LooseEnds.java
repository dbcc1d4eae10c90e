package dev.refloat.controller;

import dev.refloat.controller.act.Recovered;
import java.util.List;
import java.util.Set;

/**
 * Recoveries that were left before their end, because their claim did not go or their pod got no
 * node in time. How each ends is told when its pod does not wait any more.
 */
final class LooseEnds {

  /** By the pod's name. */
  private final PerPod<Recovered> left = new PerPod<>();

  /** The pod waits on, and nobody stays with it. */
  void leave(Recovered recovered) {
    var _ = left.put(recovered.key(), recovered.about().pod().name(), recovered);
  }

  /** Somebody stays with that pod again, and will tell how it ends. */
  void takeUp(SetKey key, String pod) {
    left.remove(key, pod);
  }

  /** Returns, once, what was left of those pods of a set that do not wait any more. */
  List<Recovered> ended(SetKey key, Set<String> waiting) {
    return left.retain(key, waiting);
  }
}
