package dev.refloat.recovery;

import dev.refloat.storage.NodeSelector;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod demands of a node, as far as it can be proved not to be met.
 *
 * @param nodeSelector labels that the node must have
 * @param required the required node affinity
 * @param tolerations taints that it bears
 * @param aloneOnNode whether it demands not to share its node with a pod of its own set (required
 *     anti-affinity on the hostname)
 */
public record Placement(
    Map<String, String> nodeSelector,
    Optional<NodeSelector> required,
    List<Toleration> tolerations,
    boolean aloneOnNode) {

  public static final Placement ANYWHERE =
      new Placement(Map.of(), Optional.empty(), List.of(), false);

  public Placement {
    nodeSelector = Map.copyOf(nodeSelector);
    tolerations = List.copyOf(tolerations);
  }

  /** Whether its selector and required affinity admit the node. */
  public boolean selects(Node node) {
    return nodeSelector.entrySet().stream()
            .allMatch(want -> want.getValue().equals(node.labels().get(want.getKey())))
        && required.map(selector -> selector.matchesNode(node.name(), node.labels())).orElse(true);
  }

  /** Whether it bears this taint. */
  public boolean tolerates(Node.Taint taint) {
    return tolerations.stream().anyMatch(toleration -> toleration.tolerates(taint));
  }

  /**
   * A toleration by the rules of <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/api/core/v1/toleration.go">toleration.go</a>.
   *
   * @param key empty = every key
   * @param exists whether any value will do
   * @param effect empty = every effect
   */
  public record Toleration(String key, boolean exists, String value, String effect) {

    boolean tolerates(Node.Taint taint) {
      boolean sameEffect = effect.isEmpty() || effect.equals(taint.effect());
      boolean sameKey = key.isEmpty() || key.equals(taint.key());
      return sameEffect && sameKey && (exists || value.equals(taint.value()));
    }
  }
}
