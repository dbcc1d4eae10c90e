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
      if (Attempts.cleared(claim)) {
        continue;
      }
      int attempt = Attempts.of(claim);
      Duration usual = situation.policy().cooldown();
      if (attempt == 0 && !claim.createdAt().isAfter(situation.set().createdAt().plus(usual))) {
        continue;
      }
      Duration cooldown = Attempts.cooldown(usual, attempt);
      Instant over = claim.createdAt().plus(cooldown);
      if (situation.observedAt().isBefore(over)) {
        return Optional.of(new Verdict.Hold.Cooldown(claim.name(), attempt, cooldown, over));
      }
    }
    return Optional.empty();
  }
}
