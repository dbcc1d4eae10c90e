package dev.refloat.recovery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds until enough other replicas are well, one recovery per set, lowest ordinal first.
 *
 * <p>A sibling counts only if it is Ready for {@code minReadySeconds}, not terminating, and its
 * Node is there and Ready: measured on 1.36, a pod keeps {@code Ready=True} for over 50 s after its
 * Node is deleted. The set's own count is never used. Answers for S20, S22.
 */
final class SiblingsReady implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    Optional<String> inFlight =
        situation.traffic().inSet().filter(pod -> !pod.equals(situation.pod().name()));
    if (inFlight.isPresent()) {
      return inFlight.map(Verdict.Hold.AnotherRecoveryInFlight::new);
    }
    return tooFewWell(situation).or(() -> lowerOrdinal(situation));
  }

  private static Optional<Verdict> tooFewWell(Situation situation) {
    OwningSet set = situation.set();
    Map<String, Pod> siblings =
        situation.siblings().stream().collect(Collectors.toMap(Pod::name, pod -> pod));
    int own = set.ordinalOf(situation.pod().name()).orElseThrow();
    int others = set.replicas() - 1;
    int required = situation.optIn().minReady().of(others);
    int ready = 0;
    int madeAfterThis = 0;
    List<String> missing = new ArrayList<>();
    for (int ordinal = set.start(); ordinal < set.start() + set.replicas(); ordinal++) {
      if (ordinal == own) {
        continue;
      }
      String name = set.name() + "-" + ordinal;
      Optional<Pod> sibling = Optional.ofNullable(siblings.get(name));
      Optional<String> trouble =
          sibling.map(pod -> trouble(pod, situation)).orElse(Optional.of("does not exist"));
      if (trouble.isEmpty()) {
        ready++;
        continue;
      }
      missing.add(name + " " + trouble.get());
      if (set.ordered() && sibling.isEmpty() && ordinal > own) {
        madeAfterThis++;
      }
    }
    if (ready >= required) {
      return Optional.empty();
    }
    return ready + madeAfterThis >= required
        ? Optional.of(new Verdict.Hold.SiblingsWaitForThisPod(ready, required, others))
        : Optional.of(new Verdict.Hold.SiblingsNotReady(ready, required, others, missing));
  }

  private static Optional<String> trouble(Pod sibling, Situation situation) {
    if (sibling.terminating()) {
      return Optional.of("is terminating");
    }
    Optional<Node> node = sibling.node().flatMap(situation.cluster()::named);
    if (sibling.node().isPresent() && node.isEmpty()) {
      return Optional.of("is on node " + sibling.node().get() + ", which is gone");
    }
    if (node.filter(Node::ready).isEmpty()) {
      return Optional.of(
          sibling.node().isEmpty() ? "has no node" : "is on a node that is not Ready");
    }
    Instant settled = situation.observedAt().minus(situation.set().minReady());
    Optional<Instant> readySince = sibling.readySince();
    if (readySince.filter(since -> !since.isAfter(settled)).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        readySince.isEmpty() ? "is not Ready" : "has been Ready for less than minReadySeconds");
  }

  private static Optional<Verdict> lowerOrdinal(Situation situation) {
    OwningSet set = situation.set();
    int own = set.ordinalOf(situation.pod().name()).orElseThrow();
    return situation.siblings().stream()
        .filter(sibling -> sibling.unscheduled() && !sibling.terminating())
        .filter(sibling -> set.ordinalOf(sibling.name()).orElseThrow() < own)
        .min(Comparator.comparingInt(sibling -> set.ordinalOf(sibling.name()).orElseThrow()))
        .map(Pod::name)
        .map(Verdict.Hold.LowerOrdinalFirst::new);
  }
}
