package dev.refloat.recovery;

import dev.refloat.recovery.Oracle.Law;
import dev.refloat.storage.VolumeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which claims may go: the wrong object is the worst mistake. */
final class ClaimLaws {

  private static final Map<String, String> FINALIZER_OF_DRIVER =
      Map.of("topolvm.io", "topolvm.io/pvc", "topolvm.cybozu.com", "topolvm.cybozu.com/pvc");

  static final List<Law> ALL =
      List.of(
          new Law("S31 S35 only claims of this pod are deleted", ClaimLaws::ofThisPod),
          new Law("S31 only claims from a template of the live set", ClaimLaws::fromTemplate),
          new Law("S32 no ephemeral claim is deleted", ClaimLaws::notEphemeral),
          new Law("S33 no other unfinished pod uses a deleted claim", ClaimLaws::usedByNobodyElse),
          new Law("S36 claim and volume name each other", ClaimLaws::mutual),
          new Law("S08 what is kept is bound, or waits for the pod", ClaimLaws::keptIsBound),
          new Law("S43 S56 no claim is terminating", ClaimLaws::noneTerminates),
          new Law("S43 no deleted claim has a foreign finalizer", ClaimLaws::noForeignFinalizer),
          new Law("S03 S04 every lost volume is local, and on one node", ClaimLaws::onOneNode),
          new Law("S39 a missing volume was had, and was local", ClaimLaws::missingVolumeWasLocal),
          new Law("S55 what was never made would be local", ClaimLaws::neverMadeWouldBeLocal));

  private ClaimLaws() {}

  static boolean ofThisPod(Recovery it) {
    return it.plan().steps().stream()
        .filter(Plan.Step.DeleteClaim.class::isInstance)
        .allMatch(
            step ->
                it.world().storage().stream()
                    .flatMap(each -> Recovery.claimOf(each).stream())
                    .anyMatch(claim -> claim.id().equals(step.target())));
  }

  static boolean fromTemplate(Recovery it) {
    return it.givenUp().stream().allMatch(it::fromTemplate);
  }

  static boolean notEphemeral(Recovery it) {
    return it.givenUp().stream().noneMatch(each -> each.ref().ephemeral());
  }

  static boolean usedByNobodyElse(Recovery it) {
    return it.world().others().stream()
        .filter(other -> !Set.of("Succeeded", "Failed").contains(other.phase()))
        .flatMap(other -> other.volumes().stream())
        .noneMatch(ref -> it.deleted().contains(ref.claim()));
  }

  /** Of the volumes that are kept as well: whoever edits one may be at work on the others. */
  static boolean mutual(Recovery it) {
    if (!it.givesUp()) {
      return true;
    }
    for (PodStorage each : it.world().storage()) {
      if (each instanceof PodStorage.Present(_, Claim claim, Volume volume, _)
          && !(claim.volumeName().equals(Optional.of(volume.id().name()))
              && volume
                  .boundTo()
                  .equals(
                      Optional.of(
                          new Volume.BoundTo(
                              claim.id().namespace(), claim.id().name(), claim.id().uid()))))) {
        return false;
      }
    }
    return true;
  }

  static boolean keptIsBound(Recovery it) {
    return !it.givesUp() || it.left().stream().allMatch(ClaimLaws::isNoCause);
  }

  /** A claim of a class that binds with its pod is not what keeps the pod waiting. */
  private static boolean isNoCause(PodStorage kept) {
    if (kept instanceof PodStorage.Unbound(_, Claim claim, var storageClass)) {
      return claim.selectedNode().isEmpty()
          && storageClass.isPresent()
          && !storageClass.get().immediate();
    }
    return kept instanceof PodStorage.Present;
  }

  static boolean noneTerminates(Recovery it) {
    return it.world().storage().stream()
        .flatMap(each -> Recovery.claimOf(each).stream())
        .noneMatch(Claim::terminating);
  }

  static boolean noForeignFinalizer(Recovery it) {
    for (PodStorage each : it.givenUp()) {
      String own = FINALIZER_OF_DRIVER.getOrDefault(driver(each), "");
      for (String finalizer : Recovery.claimOf(each).orElseThrow().finalizers()) {
        if (!finalizer.equals("kubernetes.io/pvc-protection") && !finalizer.equals(own)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String driver(PodStorage storage) {
    if (storage instanceof PodStorage.Present present) {
      return present.volume().source() instanceof VolumeSource.Csi(String name) ? name : "";
    }
    return storage.storageClass().map(StorageClass::provisioner).orElse("");
  }

  static boolean onOneNode(Recovery it) {
    return it.lostVolumes().stream().allMatch(each -> Plain.onOneNode(each.volume(), it.world()));
  }

  static boolean missingVolumeWasLocal(Recovery it) {
    return it.givenUp().stream()
        .filter(PodStorage.VolumeAbsent.class::isInstance)
        .allMatch(
            each -> Recovery.claimOf(each).orElseThrow().phase().equals("Lost") && local(each, it));
  }

  static boolean neverMadeWouldBeLocal(Recovery it) {
    return it.givenUp().stream()
        .filter(PodStorage.Unbound.class::isInstance)
        .allMatch(
            each ->
                Recovery.claimOf(each).orElseThrow().selectedNode().isPresent() && local(each, it));
  }

  /** A class that is not known says nothing, which is not enough. */
  private static boolean local(PodStorage each, Recovery it) {
    return each.storageClass()
        .filter(found -> Plain.mayBeLocal(found.provisioner(), it.world()))
        .isPresent();
  }
}
