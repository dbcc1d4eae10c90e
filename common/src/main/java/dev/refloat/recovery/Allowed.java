package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Objects unless every lost claim is lost in a way that the opt-in names. Answers for S12, S13,
 * S14, S39, S55.
 */
final class Allowed implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    NavigableSet<LostState> optedIn = situation.optIn().states();
    for (LostClaim lost : situation.lostClaims()) {
      NavigableSet<LostState> states = new TreeSet<>(lost.states());
      if (states.stream().noneMatch(optedIn::contains)) {
        return Optional.of(
            new Verdict.Leave.StateNotOptedIn(lost.claim().name(), lost.what(), states, optedIn));
      }
    }
    return Optional.empty();
  }
}
