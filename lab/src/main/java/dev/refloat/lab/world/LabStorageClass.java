package dev.refloat.lab.world;

/** A storage class of local volumes; it binds when the first pod is scheduled. */
public sealed interface LabStorageClass {

  /** Returns the name within the world. */
  String name();

  /** Volumes are made by hand, see {@link LocalVolume}; no provisioner. */
  record Static(String name) implements LabStorageClass {}

  /** Volumes are made by the provisioner of the node that the scheduler has chosen. */
  record Dynamic(String name, ReclaimPolicy reclaimPolicy) implements LabStorageClass {}
}
