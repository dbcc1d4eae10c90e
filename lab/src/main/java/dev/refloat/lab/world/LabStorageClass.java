package dev.refloat.lab.world;

/** A storage class; unless it says otherwise it binds when the first pod is scheduled. */
public sealed interface LabStorageClass {

  /** Returns the name within the world. */
  String name();

  /** Volumes are made by hand, see {@link LocalVolume} and {@link LabVolume}; no provisioner. */
  record Static(String name) implements LabStorageClass {}

  /** Volumes are made by hand, and claims are bound to any free one before their pod has a node. */
  record Immediate(String name) implements LabStorageClass {}

  /** Volumes are made by the provisioner of the node that the scheduler has chosen. */
  record Dynamic(String name, ReclaimPolicy reclaimPolicy) implements LabStorageClass {}
}
