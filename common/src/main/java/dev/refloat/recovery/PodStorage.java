package dev.refloat.recovery;

import java.time.Duration;
import java.util.Optional;

/** One claim among a pod's volumes, with what a live look found behind it. */
public sealed interface PodStorage {

  Pod.ClaimRef ref();

  /**
   * The claim answered 404.
   *
   * @param observedFor how long it has, without a break, by this process
   */
  record ClaimAbsent(Pod.ClaimRef ref, Duration observedFor) implements PodStorage {}

  /** The claim names no volume yet. */
  record Unbound(Pod.ClaimRef ref, Claim claim) implements PodStorage {}

  /** The claim names a volume that answered 404. */
  record VolumeAbsent(Pod.ClaimRef ref, Claim claim, String volumeName) implements PodStorage {}

  /**
   * A claim with its volume.
   *
   * @param provisioner that of the claim's class; empty without a class
   */
  record Present(Pod.ClaimRef ref, Claim claim, Volume volume, Optional<String> provisioner)
      implements PodStorage {}
}
