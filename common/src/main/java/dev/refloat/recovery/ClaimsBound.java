package dev.refloat.recovery;

import java.util.Optional;

/**
 * Objects unless every claim of the pod and its volume name each other, or the claim is lost by
 * itself: its volume's object was deleted, or the node died that was to make it.
 *
 * <p>The phase is not asked: a claim is called {@code Lost} within seconds when somebody edits its
 * volume's reference, although the volume is there. Answers for S08, S36, S39, S55.
 *
 * <p>A claim that is bound when its pod is scheduled waits for the pod, not the pod for it: beside
 * a lost one it is not the cause. So are generic ephemeral volumes (S32), and the first of two lost
 * claims when an earlier pass ended after its delete (S41).
 */
final class ClaimsBound implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    for (PodStorage storage : situation.storage()) {
      Optional<Verdict> objection =
          switch (storage) {
            case PodStorage.ClaimAbsent(Pod.ClaimRef ref, _) ->
                Optional.of(new Verdict.Leave.ClaimMissing(ref.claim()));
            case PodStorage.Unbound(_, Claim claim, var storageClass) ->
                isLost(storage, situation) || waitsForThePod(claim, storageClass, situation)
                    ? Optional.empty()
                    : Optional.of(
                        new Verdict.Leave.ClaimUnbound(claim.name(), claim.selectedNode()));
            case PodStorage.VolumeAbsent(_, Claim claim, String volume, _) ->
                isLost(storage, situation)
                    ? Optional.empty()
                    : Optional.of(new Verdict.Leave.VolumeMissing(claim.name(), volume));
            case PodStorage.Present(_, Claim claim, Volume volume, _) ->
                inconsistent(claim, volume);
          };
      if (objection.isPresent()) {
        return objection;
      }
    }
    return Optional.empty();
  }

  private static boolean isLost(PodStorage storage, Situation situation) {
    return situation.lostClaims().stream().anyMatch(lost -> lost.storage().equals(storage));
  }

  private static boolean waitsForThePod(
      Claim claim, Optional<StorageClass> storageClass, Situation situation) {
    return claim.selectedNode().isEmpty()
        && storageClass.filter(found -> !found.immediate()).isPresent()
        && !situation.lostClaims().isEmpty();
  }

  private static Optional<Verdict> inconsistent(Claim claim, Volume volume) {
    if (claim.volumeName().filter(volume.name()::equals).isEmpty()) {
      return Optional.of(
          new Verdict.Leave.BindingInconsistent(
              claim.name(),
              volume.name(),
              "the claim names " + claim.volumeName().orElse("no volume")));
    }
    boolean mutual =
        volume
            .boundTo()
            .filter(
                to ->
                    to.namespace().equals(claim.id().namespace())
                        && to.name().equals(claim.name())
                        && to.uid().equals(claim.id().uid()))
            .isPresent();
    if (mutual) {
      return Optional.empty();
    }
    String evidence =
        volume
            .boundTo()
            .map(
                to ->
                    "the volume belongs to "
                        + to.namespace()
                        + "/"
                        + to.name()
                        + " of UID "
                        + to.uid()
                        + ", the claim has UID "
                        + claim.id().uid())
            .orElse("the volume belongs to no claim");
    return Optional.of(
        new Verdict.Leave.BindingInconsistent(claim.name(), volume.name(), evidence));
  }
}
