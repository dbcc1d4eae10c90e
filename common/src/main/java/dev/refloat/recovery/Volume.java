package dev.refloat.recovery;

import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A PersistentVolume.
 *
 * @param affinity its required node affinity
 * @param boundTo the claim that it says it belongs to
 * @param reclaimPolicy as in the API
 * @param bytes its capacity
 * @param policyBeforeKept the reclaim policy that it had before an earlier pass kept it for the
 *     very claim that it is bound to
 * @param mode {@code Filesystem} or {@code Block}
 */
public record Volume(
    ObjectId id,
    Instant createdAt,
    VolumeSource source,
    Optional<NodeSelector> affinity,
    Optional<BoundTo> boundTo,
    String phase,
    String reclaimPolicy,
    String storageClass,
    long bytes,
    Set<String> accessModes,
    String mode,
    boolean terminating,
    Optional<String> policyBeforeKept) {

  public Volume {
    accessModes = Set.copyOf(accessModes);
  }

  public String name() {
    return id.name();
  }

  public boolean retained() {
    return reclaimPolicy.equals("Retain");
  }

  /** The claim that a volume belongs to. The UID is empty while it is only reserved. */
  public record BoundTo(String namespace, String name, String uid) {}
}
