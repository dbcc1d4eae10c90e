package dev.refloat.storage;

/** Where a volume's bytes are, as far as it matters for being local. */
public sealed interface VolumeSource {

  /** A {@code local} volume: by definition on one node. */
  record Local() implements VolumeSource {}

  /** A folder of the node; local only together with a required affinity. */
  record HostPath() implements VolumeSource {}

  /** A CSI volume; local if its driver is known to be. */
  record Csi(String driver) implements VolumeSource {}

  /** Anything else, for instance {@code nfs}. Never local. */
  record Other() implements VolumeSource {}
}
