package dev.refloat.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Holds a claim that was made lately: to refloat the same ordinal again and again helps nobody.
 *
 * <p>Read from the cluster, so that a restart changes nothing: a claim that carries our attempt
 * annotation waits a cooldown that doubles per attempt up to an hour; one without it waits only if
 * it is younger than the cooldown while its set is older than it by more than the cooldown. First
 * claims of a young set are never held. A person clears it by removing the annotation, or by
 * setting it to 0 where there is none. Answers for S46.
 */
final class NotALoop implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    for (LostClaim lost : situation.lostClaims()) {
      Claim claim = lost.claim();
      Duration usual = situation.policy().cooldown();
      Optional<Instant> over =
          Attempts.guardedUntil(claim, situation.set(), usual)
              .filter(situation.observedAt()::isBefore);
      if (over.isPresent()) {
        int attempt = Attempts.of(claim);
        return Optional.of(
            new Verdict.Hold.Cooldown(
                claim.name(), attempt, Attempts.cooldown(usual, attempt), over.get()));
      }
    }
    return Optional.empty();
  }
}
