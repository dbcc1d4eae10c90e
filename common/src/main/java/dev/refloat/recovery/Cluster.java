package dev.refloat.recovery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The nodes of a complete LIST, and what was looked up about nodes that are not in it.
 *
 * @param nodes every Node there is
 * @param csiNodes those of the looked-up names that a CSINode still exists for
 * @param vanished hostnames of Nodes that this process saw disappear lately; the names of those
 *     whose hostname it never saw
 */
public record Cluster(List<Node> nodes, Set<String> csiNodes, Set<String> vanished) {

  public Cluster {
    nodes = List.copyOf(nodes);
    csiNodes = Set.copyOf(csiNodes);
    vanished = Set.copyOf(vanished);
  }

  /** The live nodes by name. */
  public Map<String, Node> byName() {
    return nodes.stream().collect(Collectors.toMap(Node::name, node -> node));
  }

  public Optional<Node> named(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }
}
