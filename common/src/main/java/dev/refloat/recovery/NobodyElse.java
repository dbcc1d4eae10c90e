package dev.refloat.recovery;

import dev.refloat.storage.VolumeSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Objects while somebody else uses a lost claim or has a say in its end. Answers for S33, S43. */
final class NobodyElse implements Rule {

  /** Kubernetes' own: it lets go as soon as no pod with a node uses the claim. */
  private static final String PVC_PROTECTION = "kubernetes.io/pvc-protection";

  /**
   * Finalizers that a driver puts on the claims of its own volumes and takes off again by itself.
   * One of another driver is foreign.
   *
   * <p>TopoLVM: <a
   * href="https://github.com/topolvm/topolvm/blob/main/constants.go">PVCFinalizer</a>, by which its
   * controller deletes pods that wait with a deleted claim; its older name is that of the older
   * driver.
   */
  private static final Map<String, Set<String>> OF_DRIVER =
      Map.of(
          "topolvm.io", Set.of("topolvm.io/pvc"),
          "topolvm.cybozu.com", Set.of("topolvm.cybozu.com/pvc"));

  @Override
  public Optional<Verdict> objection(Situation situation) {
    for (LostClaim lost : situation.lostClaims()) {
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
      Set<String> own = ofDriver(lost);
      List<String> foreign =
          lost.claim().finalizers().stream()
              .filter(name -> !name.equals(PVC_PROTECTION) && !own.contains(name))
              .sorted()
              .toList();
      if (!foreign.isEmpty()) {
        return Optional.of(new Verdict.Hold.ForeignFinalizer(claim, foreign));
      }
    }
    return Optional.empty();
  }

  /** By the volume's driver where there is a volume, otherwise by what its class would make. */
  private static Set<String> ofDriver(LostClaim lost) {
    Optional<String> driver =
        lost.volume().isPresent()
            ? lost.volume().flatMap(NobodyElse::driver)
            : lost.storage().storageClass().map(StorageClass::provisioner);
    return driver.map(name -> OF_DRIVER.getOrDefault(name, Set.of())).orElse(Set.of());
  }

  private static Optional<String> driver(Volume volume) {
    return volume.source() instanceof VolumeSource.Csi(String driver)
        ? Optional.of(driver)
        : Optional.empty();
  }
}
