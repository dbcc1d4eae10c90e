package dev.refloat.controller;

import dev.refloat.optin.Names;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.PodStorage;
import dev.refloat.recovery.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pods that were given a new claim and have no node yet, as the cluster shows it: a claim without a
 * volume that carries our mark (S57). While there is one its set is busy, also after a restart.
 *
 * <p>The mark is written five seconds after the deletes. Of a process that is killed before, only
 * the missing siblings tell.
 */
final class Unbound {

  private static final Duration TOO_LONG = Duration.ofMinutes(2);

  /** A pod of which it is to be told that it has waited too long. */
  record Late(Instant since, Duration waited) {}

  /** Pods, by name, of which it was told. */
  private final PerPod<Boolean> told = new PerPod<>();

  /** The pod of the set whose recovery is not at its end; empty if there is none. */
  static Optional<String> in(List<Situation> situations) {
    return situations.stream()
        .filter(situation -> since(situation).isPresent())
        .map(situation -> situation.pod().name())
        .min(Comparator.naturalOrder());
  }

  /** Since when the pod has waited for its new claim; empty if it has none of ours. */
  private static Optional<Instant> since(Situation situation) {
    return situation.storage().stream()
        .filter(PodStorage.Unbound.class::isInstance)
        .map(each -> ((PodStorage.Unbound) each).claim())
        .filter(claim -> claim.annotations().containsKey(Names.ATTEMPT))
        .map(Claim::createdAt)
        .min(Comparator.naturalOrder());
  }

  /** Since when the pod has waited, if that is too long and nobody has told of it yet. */
  Optional<Late> news(SetKey key, Situation situation) {
    return since(situation)
        .map(since -> new Late(since, Duration.between(since, situation.observedAt())))
        .filter(late -> late.waited().compareTo(TOO_LONG) >= 0)
        .filter(_ -> told(key, situation.pod().name()));
  }

  /** Somebody tells of it; whether that is new. */
  boolean told(SetKey key, String pod) {
    return told.put(key, pod, true).isEmpty();
  }

  /** Forgets the pods of a set that do not wait any more. */
  void retain(SetKey key, Set<String> pods) {
    var _ = told.retain(key, pods);
  }

  /** How many have waited too long. */
  int count() {
    return told.count();
  }
}
