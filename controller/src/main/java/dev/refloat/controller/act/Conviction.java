package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.report.Concerned;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.LostClaim;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Situation;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pod that is to be refloated: all that is needed to do so. The situation is not, which holds
 * every node and every pod of the namespace: a thousand recoveries may be under way at once.
 *
 * @param pod as it was surveyed
 * @param lost what is to be given up, with the proof; empty where an earlier pass has done that
 * @param factsFrom when the oldest of the facts that convicted was asked for
 */
public record Conviction(
    SetKey key, Concerned about, Pod pod, List<LostClaim> lost, Plan plan, Instant factsFrom) {

  public Conviction {
    lost = List.copyOf(lost);
  }

  public static Conviction of(SetKey key, Situation situation, Plan plan, Instant factsFrom) {
    return new Conviction(
        key, Concerned.of(situation), situation.pod(), situation.lostClaims(), plan, factsFrom);
  }

  /** The names of the volumes that the plan sets to Retain, each guarded by its version. */
  Set<String> keptVolumes() {
    return plan.steps().stream()
        .filter(Plan.Step.KeepData.class::isInstance)
        .map(step -> step.target().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The claims that are lost. */
  public List<Claim> lostClaims() {
    return lost.stream().map(LostClaim::claim).toList();
  }
}
