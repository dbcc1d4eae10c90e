package dev.refloat.lab.world;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A volume of 1Gi of any kind, made by hand, that stays when its claim is gone.
 *
 * @param name its name within the world
 * @param storageClass the class within the world
 * @param source what it is
 * @param affinity the labels, as they are in the cluster, that a node must have to use it
 * @param claim the claim that it is kept for
 */
public record LabVolume(
    String name,
    String storageClass,
    Source source,
    Map<String, String> affinity,
    Optional<String> claim) {

  /** What a volume is. */
  public sealed interface Source {

    /** A disk of one node. */
    record Local() implements Source {}

    /** Made by a driver, which need not be there. */
    record Csi(String driver) implements Source {}

    /** Reachable from everywhere. */
    record Nfs() implements Source {}
  }

  public LabVolume {
    affinity = Map.copyOf(affinity);
  }

  /** Returns a volume that any node can use and any claim may have. */
  public static LabVolume of(Source source, String name, String storageClass) {
    return new LabVolume(name, storageClass, source, Map.of(), Optional.empty());
  }

  /** Returns this volume for nodes only that have this label, too. */
  public LabVolume onlyWhere(String label, String value) {
    Map<String, String> more = new TreeMap<>(affinity);
    more.put(label, value);
    return new LabVolume(name, storageClass, source, more, claim);
  }

  /** Returns this volume for that claim only. */
  public LabVolume keptFor(String claim) {
    return new LabVolume(name, storageClass, source, affinity, Optional.of(claim));
  }
}
