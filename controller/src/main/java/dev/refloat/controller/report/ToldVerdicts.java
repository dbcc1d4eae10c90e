package dev.refloat.controller.report;

import dev.refloat.controller.PerPod;
import dev.refloat.controller.SetKey;
import dev.refloat.recovery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What was last said about each pod, by its UID. Safe for use by several threads. */
final class ToldVerdicts {

  /**
   * An API server keeps an Event for an hour ({@code --event-ttl}), and who is woken at night looks
   * at a pod that has been held since the evening.
   */
  private static final Duration EVENT_AGAIN_AFTER = Duration.ofMinutes(50);

  private final PerPod<Said> said = new PerPod<>();

  /**
   * No verdict: its evidence may name every node of the cluster.
   *
   * @param first when anything was said about the pod first
   */
  private record Said(Label label, String what, Instant eventAt, Instant first) {}

  /** Whether something is to be said. */
  enum News {
    /** For the first time. */
    NEW,
    /** Nothing has changed, but the Event that said so will be gone soon. */
    EVENT_AGAIN,
    NONE
  }

  /** How many pods a verdict is about now. */
  record Label(String kind, String reason) implements Comparable<Label> {

    @Override
    public int compareTo(Label other) {
      return (kind + reason).compareTo(other.kind + other.reason);
    }
  }

  /**
   * Takes what is decided about a pod now.
   *
   * @param what makes it another verdict than before, if it differs
   */
  synchronized News now(String uid, SetKey key, Verdict verdict, String what, Instant at) {
    Optional<Said> before = said.get(key, uid);
    Optional<Said> same = before.filter(it -> it.what().equals(what));
    Optional<Instant> eventAt =
        same.map(Said::eventAt).filter(then -> at.isBefore(then.plus(EVENT_AGAIN_AFTER)));
    Label label = new Label(Metrics.kind(verdict), verdict.reason());
    said.put(
        key, uid, new Said(label, what, eventAt.orElse(at), before.map(Said::first).orElse(at)));
    return same.isEmpty() ? News.NEW : eventAt.isEmpty() ? News.EVENT_AGAIN : News.NONE;
  }

  /** Returns when something was decided about a pod first; empty if nothing ever was. */
  synchronized Optional<Instant> first(SetKey key, String uid) {
    return said.get(key, uid).map(Said::first);
  }

  /** Forgets the pods of a set that are not among these. */
  synchronized void retain(SetKey key, Set<String> uids) {
    var _ = said.retain(key, uids);
  }

  /** How many pods each verdict is about now. */
  synchronized Map<Label, Integer> counts() {
    Map<Label, Integer> counts = new TreeMap<>();
    for (Said each : said.all()) {
      counts.merge(each.label(), 1, Integer::sum);
    }
    return counts;
  }
}
