package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Objects unless, for every lost claim, the node is lost in a way that the opt-in names. Answers
 * for S12, S13, S14.
 */
final class Allowed implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    NavigableSet<LostState> optedIn = situation.optIn().states();
    for (Situation.LostClaim lost : situation.lostClaims()) {
      NavigableSet<LostState> states =
          lost.home().causes().stream()
              .map(Home.Loss::state)
              .collect(Collectors.toCollection(TreeSet::new));
      if (states.stream().noneMatch(optedIn::contains)) {
        return Optional.of(
            new Verdict.Leave.StateNotOptedIn(
                lost.claim().name(), lost.home().name(), states, optedIn));
      }
    }
    return Optional.empty();
  }
}
