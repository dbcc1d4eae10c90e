package dev.refloat.lab.world;

import java.util.UUID;

/**
 * How the names within a world become names in the cluster.
 *
 * @param namespace the namespace of the world
 * @param prefix what the names of cluster-wide objects start with, so that worlds do not meet
 */
public record WorldNames(String namespace, String prefix) {

  /** Returns names that no other world has; {@code purpose} is in all of them. */
  public static WorldNames unique(String purpose) {
    String namespace = purpose + "-" + UUID.randomUUID().toString().substring(0, 6);
    return new WorldNames(namespace, namespace + "-");
  }

  /** Returns names that are used as they are, for one world alone on its control plane. */
  public static WorldNames plain(String namespace) {
    return new WorldNames(namespace, "");
  }

  /** Returns the name in the cluster of a node, class, volume or hostname of the world. */
  public String clusterWide(String name) {
    return prefix + name;
  }
}
