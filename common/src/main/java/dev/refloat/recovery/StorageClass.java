package dev.refloat.recovery;

import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.NodeSelector;
import java.util.List;
import java.util.Optional;

/**
 * A live StorageClass, as far as it says where new volumes can be.
 *
 * @param immediate whether claims are bound before their pod has a node
 * @param topologies {@code allowedTopologies}; empty = anywhere
 * @param capacities what its driver says is left, node by node; empty if the driver does not say,
 *     or the scheduler does not ask
 */
public record StorageClass(
    String name,
    String provisioner,
    boolean immediate,
    Optional<NodeSelector> topologies,
    Optional<List<Capacity>> capacities) {

  public StorageClass {
    capacities = capacities.map(List::copyOf);
  }

  /**
   * One CSIStorageCapacity.
   *
   * @param nodes the nodes that can reach it; empty = all
   * @param bytes the largest volume that can be made
   */
  public record Capacity(Optional<NodeSelector> nodes, long bytes) {

    boolean suffices(Node node, long wanted) {
      return bytes >= wanted
          && nodes.map(selector -> selector.matchesNode(node.name(), node.labels())).orElse(true);
    }
  }

  /** A class that nobody provisions for: its volumes are made by hand. */
  public static StorageClass byHand(String name) {
    return new StorageClass(
        name, LocalStorage.NO_PROVISIONER, true, Optional.empty(), Optional.empty());
  }

  boolean isStatic() {
    return LocalStorage.isStatic(provisioner);
  }
}
