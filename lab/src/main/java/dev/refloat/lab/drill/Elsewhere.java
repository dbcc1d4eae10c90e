package dev.refloat.lab.drill;

import dev.refloat.kube.Facts;
import dev.refloat.recovery.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a pod could run, as far as nodes can tell: whether there is room is the scheduler's. */
final class Elsewhere {

  private Elsewhere() {}

  /** Returns the names of all nodes that are Ready and take this pod, sorted. */
  static List<String> nodesFor(App app, Pod pod) {
    dev.refloat.recovery.Pod facts = Facts.pod(pod);
    Set<String> taken = facts.placement().aloneOnNode() ? nodesOfSiblings(app, pod) : Set.of();
    return app.client().nodes().list().getItems().stream()
        .map(Facts::node)
        .filter(Node::ready)
        .filter(node -> !node.unschedulable())
        .filter(node -> facts.placement().selects(node))
        .filter(node -> repelling(facts, node).isEmpty())
        .filter(node -> !taken.contains(node.name()))
        .map(Node::name)
        .sorted()
        .toList();
  }

  private static Set<String> nodesOfSiblings(App app, Pod pod) {
    return app.podNames().stream()
        .filter(name -> !name.equals(pod.getMetadata().getName()))
        .flatMap(name -> app.pod(name).stream())
        .flatMap(sibling -> Optional.ofNullable(sibling.getSpec().getNodeName()).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns the taints of a node that keep this pod away. */
  static List<String> repelling(dev.refloat.recovery.Pod pod, Node node) {
    return node.taints().stream()
        .filter(Node.Taint::repels)
        .filter(taint -> !pod.placement().tolerates(taint))
        .map(Node.Taint::toString)
        .toList();
  }
}
