package dev.refloat.controller.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Tells a watch that lives from one that only seems to. A stream that is blocked on the way looks
 * like a cluster in which nothing happens: the connection is open, and no byte comes. Time is an
 * argument.
 *
 * <p>Two signs of death, either is enough:
 *
 * <ul>
 *   <li>A list differs from what the watch has told, and at a second look a few seconds later it
 *       differs still, about a pod of which the watch has told nothing in between. One look proves
 *       nothing: what has just changed is listed before it is told.
 *   <li>Nothing was heard for so long that two bookmarks are missing, which the API server sends to
 *       every watch about once a minute (<a
 *       href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/storage/cacher/cacher.go">{@code
 *       defaultBookmarkFrequency}</a>), also where nothing happens.
 * </ul>
 */
final class Watchdog {

  /** Two bookmarks and a half. */
  static final Duration SILENCE = Duration.ofSeconds(150);

  /** How long a watch may be behind a list; the API server tells within milliseconds. */
  static final Duration MAY_LAG = Duration.ofSeconds(4);

  private volatile Instant heardAt;
  private Map<String, Doubt> doubts = Map.of();

  /**
   * @param known what the watch had told of the pod; empty if nothing
   */
  private record Doubt(Instant since, Optional<Suspect> known) {}

  /** What a look found. */
  sealed interface Look {

    record Well() implements Look {}

    /** The list says otherwise, which may be a matter of milliseconds. Look again soon. */
    record Doubtful(Set<String> uids) implements Look {

      public Doubtful {
        uids = Set.copyOf(uids);
      }
    }

    record Dead(WatchEnd why) implements Look {}
  }

  Watchdog(Instant openedAt) {
    this.heardAt = openedAt;
  }

  /** Something came, be it a bookmark. */
  void heard(Instant now) {
    heardAt = now;
  }

  /**
   * Compares what the API server lists with what the watch has told, both by UID.
   *
   * @param known as it was after the list had come
   */
  Look look(Map<String, Suspect> listed, Map<String, Suspect> known, Instant now) {
    Duration silence = Duration.between(heardAt, now);
    if (silence.compareTo(SILENCE) > 0) {
      return new Look.Dead(new WatchEnd.Silent(silence));
    }
    Map<String, Doubt> next = new HashMap<>();
    List<String> proven = new ArrayList<>();
    for (String uid : differing(listed, known)) {
      Optional<Suspect> told = Optional.ofNullable(known.get(uid));
      Doubt doubt =
          Optional.ofNullable(doubts.get(uid))
              .filter(before -> before.known().equals(told))
              .orElse(new Doubt(now, told));
      next.put(uid, doubt);
      if (Duration.between(doubt.since(), now).compareTo(MAY_LAG) >= 0) {
        Suspect pod =
            told.orElseGet(() -> Objects.requireNonNull(listed.get(uid), "in neither of the two"));
        proven.add(pod.id().toString());
      }
    }
    doubts = Map.copyOf(next);
    if (!proven.isEmpty()) {
      return new Look.Dead(new WatchEnd.Behind(proven.stream().sorted().toList()));
    }
    return next.isEmpty() ? new Look.Well() : new Look.Doubtful(next.keySet());
  }

  private static Set<String> differing(Map<String, Suspect> listed, Map<String, Suspect> known) {
    Set<String> uids = new HashSet<>(listed.keySet());
    uids.addAll(known.keySet());
    uids.removeIf(uid -> Objects.equals(listed.get(uid), known.get(uid)));
    return uids;
  }
}
