package dev.refloat.lab.world;

import java.util.Map;
import java.util.TreeMap;

/** A storage class; unless it says otherwise it binds when the first pod is scheduled. */
public sealed interface LabStorageClass {

  /** Returns the name within the world. */
  String name();

  /** Volumes are made by hand, see {@link LocalVolume} and {@link LabVolume}; no provisioner. */
  record Static(String name) implements LabStorageClass {}

  /** Volumes are made by hand, and claims are bound to any free one before their pod has a node. */
  record Immediate(String name) implements LabStorageClass {}

  /**
   * Volumes are made by the provisioner of the node that the scheduler has chosen.
   *
   * @param onlyWhere labels of the nodes where volumes may be made ({@code allowedTopologies});
   *     empty for all
   * @param keepsCount whether its driver tells how much room is left where, see {@link
   *     World#addCapacity}; then nothing is made where it tells of none
   */
  record Dynamic(
      String name, ReclaimPolicy reclaimPolicy, Map<String, String> onlyWhere, boolean keepsCount)
      implements LabStorageClass {

    public Dynamic {
      onlyWhere = Map.copyOf(onlyWhere);
    }

    public Dynamic(String name, ReclaimPolicy reclaimPolicy) {
      this(name, reclaimPolicy, Map.of(), false);
    }

    /** Returns this class, for nodes with one more label. */
    public Dynamic onlyWhere(String key, String value) {
      Map<String, String> more = new TreeMap<>(onlyWhere);
      more.put(key, value);
      return new Dynamic(name, reclaimPolicy, more, keepsCount);
    }

    /** Returns this class, of a driver of its own that tells how much room is left. */
    public Dynamic keepingCount() {
      return new Dynamic(name, reclaimPolicy, onlyWhere, true);
    }
  }
}
