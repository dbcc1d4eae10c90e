package dev.refloat.recovery;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finishes what an earlier pass, or a person, left between two writes.
 *
 * <p>A claim on its way out is waited for, its finalizers named and never stripped. A template's
 * claim that is not there for five seconds will not be made while the pod stands, so the pod is
 * deleted; no proof about a node is needed, because the pod never ran and no data is touched. As
 * long as one claim is on its way out, the pod stays, whatever the order of its volumes. Answers
 * for S43, S56.
 */
final class HalfDone implements Rule {

  private static final Duration SETTLED = Duration.ofSeconds(5);

  @Override
  public Optional<Verdict> objection(Situation situation) {
    List<PodStorage> storage = situation.storage();
    return storage.stream()
        .flatMap(each -> terminating(each).stream())
        .findFirst()
        .or(() -> absent(storage, situation));
  }

  private static Optional<Verdict> terminating(PodStorage storage) {
    return switch (storage) {
      case PodStorage.ClaimAbsent _ -> Optional.empty();
      case PodStorage.Unbound(_, Claim claim, _) -> terminating(claim);
      case PodStorage.VolumeAbsent(_, Claim claim, _, _) -> terminating(claim);
      case PodStorage.Present(_, Claim claim, _, _) -> terminating(claim);
    };
  }

  private static Optional<Verdict> terminating(Claim claim) {
    return claim.terminating()
        ? Optional.of(
            new Verdict.Hold.ClaimTerminating(
                claim.name(), claim.finalizers().stream().sorted().toList()))
        : Optional.empty();
  }

  /** Only when every claim that is absent will be made with the new pod. */
  private static Optional<Verdict> absent(List<PodStorage> storage, Situation situation) {
    List<PodStorage.ClaimAbsent> absent =
        storage.stream()
            .filter(PodStorage.ClaimAbsent.class::isInstance)
            .map(PodStorage.ClaimAbsent.class::cast)
            .toList();
    if (absent.isEmpty()) {
      return Optional.empty();
    }
    for (PodStorage.ClaimAbsent each : absent) {
      if (!situation.set().made(each.ref(), situation.pod().name())) {
        return Optional.of(new Verdict.Leave.ClaimMissing(each.ref().claim()));
      }
    }
    PodStorage.ClaimAbsent last =
        Collections.min(absent, Comparator.comparing(PodStorage.ClaimAbsent::observedFor));
    String claim = last.ref().claim();
    Duration left = SETTLED.minus(last.observedFor());
    return left.isPositive()
        ? Optional.of(new Verdict.Hold.ClaimAbsent(claim, situation.observedAt().plus(left)))
        : Optional.of(new Verdict.Recover(Plan.ofPodOnly(situation.pod(), claim)));
  }
}
