package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Holds until, for every lost claim, one opted-in state of it has been observed without a break for
 * its whole grace.
 *
 * <p>What counts is how long <em>this cause</em> has been seen, not how long the pod has been
 * Pending: a pod that waited two hours for CPU must not lose its volume in the second in which its
 * node reboots. Answers for S10, S15, S19, S39, S51.
 */
final class LongEnough implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    return situation.lostClaims().stream()
        .map(claim -> soonest(claim, situation))
        .max(Comparator.comparing(Verdict.Hold.GracePeriod::over))
        .filter(grace -> situation.observedAt().isBefore(grace.over()))
        .map(grace -> grace);
  }

  private static Verdict.Hold.GracePeriod soonest(LostClaim lost, Situation situation) {
    NavigableSet<LostState> optedIn = situation.optIn().states();
    return lost.causes().stream()
        .filter(cause -> optedIn.contains(cause.state()))
        .map(cause -> grace(lost, cause, situation))
        .min(Comparator.comparing(Verdict.Hold.GracePeriod::over))
        .orElseThrow(() -> new IllegalStateException("no opted-in state for " + lost.claim().id()));
  }

  private static Verdict.Hold.GracePeriod grace(LostClaim lost, Cause cause, Situation situation) {
    // A cause without a sighting is seen for the first time now.
    Instant seen = situation.sightings().since().getOrDefault(cause, situation.observedAt());
    Instant since = seen.isBefore(cause.notBefore()) ? cause.notBefore() : seen;
    return new Verdict.Hold.GracePeriod(
        lost.claim().name(),
        lost.what(),
        cause.state(),
        since,
        since.plus(situation.graceOf(lost, cause.state())));
  }
}
