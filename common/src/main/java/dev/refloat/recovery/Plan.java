package dev.refloat.recovery;

import dev.refloat.optin.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
     * @param volume the volume that it is bound to, if there is one
     */
    record DeleteClaim(ObjectId target, Optional<String> volume) implements Step {}

    /** Delete the pod, if it is still the same and still without a node. */
    record DeletePod(ObjectId target) implements Step {}
  }

  /** Whose data a kept volume holds: what is needed to give it back one day. */
  public record KeptFor(String namespace, String claim, String claimUid, String set, int ordinal) {}

  /** Gives up the claims whose node is lost, and nothing else. */
  static Plan of(Situation situation) {
    List<LostClaim> lost = situation.lostClaims();
    List<Step> steps = new ArrayList<>();
    OwningSet set = situation.set();
    Pod pod = situation.pod();
    if (situation.optIn().data() == Data.KEEP) {
      int ordinal = set.ordinalOf(pod.name()).orElseThrow();
      for (LostClaim claim : lost) {
        ObjectId id = claim.claim().id();
        KeptFor owner = new KeptFor(id.namespace(), id.name(), id.uid(), set.name(), ordinal);
        claim.volume().ifPresent(volume -> steps.add(keep(volume, owner)));
      }
    }
    for (LostClaim claim : lost) {
      steps.add(new Step.DeleteClaim(claim.claim().id(), claim.claim().volumeName()));
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

  private static Step keep(Volume volume, KeptFor owner) {
    return new Step.KeepData(
        volume.id(), volume.policyBeforeKept().orElse(volume.reclaimPolicy()), owner);
  }

  private static String why(List<LostClaim> lost) {
    return lost.stream().map(LostClaim::why).collect(Collectors.joining("; "));
  }
}
