package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.report.Concerned;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Situation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A recovery whose writes are done: all that is needed to see it through.
 *
 * @param given the claims that were given up
 * @param begun when the first write went out
 * @param deleted the pod that was deleted, so that another one is to come; empty if that was not
 *     needed
 * @param claimsGone when the last claim was gone; empty if this process has given none up
 */
public record Recovered(
    SetKey key,
    Concerned about,
    List<Claim> given,
    Instant begun,
    Optional<DeletedPod> deleted,
    Optional<Instant> claimsGone) {

  public Recovered {
    given = List.copyOf(given);
  }

  public static Recovered of(
      Conviction conviction,
      Instant begun,
      Optional<DeletedPod> deleted,
      Optional<Instant> claimsGone) {
    Set<String> given =
        conviction.plan().steps().stream()
            .filter(Plan.Step.DeleteClaim.class::isInstance)
            .map(step -> step.target().uid())
            .collect(Collectors.toUnmodifiableSet());
    return new Recovered(
        conviction.key(),
        conviction.about(),
        conviction.lostClaims().stream().filter(claim -> given.contains(claim.id().uid())).toList(),
        begun,
        deleted,
        claimsGone);
  }

  /**
   * A recovery that an earlier process has begun, as the cluster shows it.
   *
   * @param begun when its claims were made anew
   */
  public static Recovered found(SetKey key, Situation situation, Instant begun) {
    return new Recovered(
        key, Concerned.of(situation), List.of(), begun, Optional.empty(), Optional.empty());
  }

  /** The pod that was stranded. */
  ObjectId pod() {
    return about.pod();
  }
}
