package dev.refloat.recovery;

import java.time.Duration;
import java.util.Optional;

/** One claim among a pod's volumes, with what a live look found behind it. */
public sealed interface PodStorage {

  Pod.ClaimRef ref();

  /** The claim's live class; empty without one, and where the claim is not there. */
  default Optional<StorageClass> storageClass() {
    return Optional.empty();
  }

  /**
   * The claim answered 404.
   *
   * @param observedFor how long it has, without a break, by this process
   */
  record ClaimAbsent(Pod.ClaimRef ref, Duration observedFor) implements PodStorage {}

  /** The claim names no volume yet. */
  record Unbound(Pod.ClaimRef ref, Claim claim, Optional<StorageClass> storageClass)
      implements PodStorage {}

  /** The claim names a volume that answered 404. */
  record VolumeAbsent(
      Pod.ClaimRef ref, Claim claim, String volumeName, Optional<StorageClass> storageClass)
      implements PodStorage {}

  /** A claim with its volume. */
  record Present(Pod.ClaimRef ref, Claim claim, Volume volume, Optional<StorageClass> storageClass)
      implements PodStorage {}
}
