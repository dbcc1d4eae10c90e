package dev.refloat.recovery;

import java.util.Optional;

/** Objects to a lost claim that the StatefulSet would not make again. Answers for S31, S32. */
final class FromTemplates implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    for (LostClaim lost : situation.lostClaims()) {
      Pod.ClaimRef ref = lost.storage().ref();
      if (ref.ephemeral()) {
        return Optional.of(new Verdict.Leave.ClaimEphemeral(ref.claim()));
      }
      if (!situation.set().made(ref, situation.pod().name())) {
        return Optional.of(new Verdict.Leave.ClaimNotFromTemplate(ref.claim()));
      }
    }
    return Optional.empty();
  }
}
