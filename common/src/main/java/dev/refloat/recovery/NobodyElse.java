package dev.refloat.recovery;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Objects while somebody else uses a lost claim or has a say in its end. Answers for S33, S43. */
final class NobodyElse implements Rule {

  /** Kubernetes' own: it lets go as soon as no pod with a node uses the claim. */
  private static final Set<String> HARMLESS = Set.of("kubernetes.io/pvc-protection");

  @Override
  public Optional<Verdict> objection(Situation situation) {
    for (Situation.LostClaim lost : situation.lostClaims()) {
      String claim = lost.claim().name();
      List<String> users =
          situation.others().stream()
              .filter(other -> !other.finished())
              .filter(other -> other.volumes().stream().anyMatch(ref -> ref.claim().equals(claim)))
              .map(Pod::name)
              .sorted()
              .toList();
      if (!users.isEmpty()) {
        return Optional.of(new Verdict.Hold.ClaimInUse(claim, users));
      }
      List<String> foreign =
          lost.claim().finalizers().stream()
              .filter(name -> !HARMLESS.contains(name))
              .sorted()
              .toList();
      if (!foreign.isEmpty()) {
        return Optional.of(new Verdict.Hold.ForeignFinalizer(claim, foreign));
      }
    }
    return Optional.empty();
  }
}
