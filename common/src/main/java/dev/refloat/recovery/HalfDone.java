package dev.refloat.recovery;

import java.time.Duration;
import java.util.Optional;

/**
 * Finishes what an earlier pass, or a person, left between two writes.
 *
 * <p>A claim on its way out is waited for, its finalizers named and never stripped. A template's
 * claim that is not there for five seconds will not be made while the pod stands, so the pod is
 * deleted; no proof about a node is needed, because the pod never ran and no data is touched.
 * Answers for S43, S56.
 */
final class HalfDone implements Rule {

  private static final Duration SETTLED = Duration.ofSeconds(5);

  @Override
  public Optional<Verdict> objection(Situation situation) {
    for (PodStorage storage : situation.storage()) {
      Optional<Verdict> objection =
          switch (storage) {
            case PodStorage.ClaimAbsent absent -> absent(absent, situation);
            case PodStorage.Unbound(_, Claim claim, _) -> terminating(claim);
            case PodStorage.VolumeAbsent(_, Claim claim, _, _) -> terminating(claim);
            case PodStorage.Present(_, Claim claim, _, _) -> terminating(claim);
          };
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  private static Optional<Verdict> terminating(Claim claim) {
    return claim.terminating()
        ? Optional.of(
            new Verdict.Hold.ClaimTerminating(
                claim.name(), claim.finalizers().stream().sorted().toList()))
        : Optional.empty();
  }

  private static Optional<Verdict> absent(PodStorage.ClaimAbsent absent, Situation situation) {
    String claim = absent.ref().claim();
    if (!situation.set().made(absent.ref(), situation.pod().name())) {
      return Optional.of(new Verdict.Leave.ClaimMissing(claim));
    }
    Duration left = SETTLED.minus(absent.observedFor());
    return left.isPositive()
        ? Optional.of(new Verdict.Hold.ClaimAbsent(claim, situation.observedAt().plus(left)))
        : Optional.of(new Verdict.Recover(Plan.ofPodOnly(situation.pod(), claim)));
  }
}
