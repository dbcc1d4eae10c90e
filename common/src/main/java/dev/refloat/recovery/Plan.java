package dev.refloat.recovery;

import dev.refloat.optin.Data;
import java.util.ArrayList;
import java.util.List;

/**
 * The guarded steps of one recovery, in their order: keep the data, delete the claims, delete the
 * pod.
 *
 * <p>Every step names its object by UID and resourceVersion, and both are preconditions of its
 * write (S40).
 *
 * @param why the causes, for log and words
 */
public record Plan(List<Step> steps, String why) {

  public Plan {
    steps = List.copyOf(steps);
  }

  /** One write. */
  public sealed interface Step {

    ObjectId target();

    /**
     * Set the volume to Retain, and write down on it whose data it holds.
     *
     * @param policyWas its reclaim policy before
     * @param owner whose data it is
     */
    record KeepData(ObjectId target, String policyWas, KeptFor owner) implements Step {}

    /**
     * Delete the claim.
     *
     * @param volume the volume that it is bound to
     */
    record DeleteClaim(ObjectId target, String volume) implements Step {}

    /** Delete the pod, if it is still the same and still without a node. */
    record DeletePod(ObjectId target) implements Step {}
  }

  /** Whose data a kept volume holds: what is needed to give it back one day. */
  public record KeptFor(String namespace, String claim, String claimUid, String set, int ordinal) {}

  /** Gives up the claims whose node is lost, and nothing else. */
  static Plan of(Situation situation) {
    List<Situation.LostClaim> lost = situation.lostClaims();
    List<Step> steps = new ArrayList<>();
    OwningSet set = situation.set();
    Pod pod = situation.pod();
    if (situation.optIn().data() == Data.KEEP) {
      for (Situation.LostClaim claim : lost) {
        ObjectId id = claim.claim().id();
        int ordinal = set.ordinalOf(pod.name()).orElseThrow();
        steps.add(
            new Step.KeepData(
                claim.volume().id(),
                claim.volume().policyBeforeKept().orElse(claim.volume().reclaimPolicy()),
                new KeptFor(id.namespace(), id.name(), id.uid(), set.name(), ordinal)));
      }
    }
    for (Situation.LostClaim claim : lost) {
      steps.add(new Step.DeleteClaim(claim.claim().id(), claim.volume().name()));
    }
    steps.add(new Step.DeletePod(pod.id()));
    return new Plan(steps, why(lost));
  }

  /** Finishes what an earlier pass began: the claim is gone, the pod never ran. */
  static Plan ofPodOnly(Pod pod, String claim) {
    return new Plan(
        List.of(new Step.DeletePod(pod.id())),
        "claim " + claim + " is gone and was not made again");
  }

  private static String why(List<Situation.LostClaim> lost) {
    List<String> reasons = new ArrayList<>();
    for (Situation.LostClaim claim : lost) {
      for (Home.Loss loss : claim.home().causes()) {
        reasons.add(
            "volume "
                + claim.volume().name()
                + " is pinned to "
                + claim.home().name()
                + ": "
                + loss.state()
                + ", "
                + loss.evidence());
      }
    }
    return String.join("; ", reasons);
  }
}
