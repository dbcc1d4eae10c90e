package dev.refloat.kube;

import dev.refloat.recovery.Placement;
import dev.refloat.storage.NodeSelector;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.TopologySelectorTerm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a pod demands of its node. Only what can be proved not to be met is kept; the rest is left
 * to the scheduler.
 */
final class Placements {

  private static final String HOSTNAME = "kubernetes.io/hostname";

  private Placements() {}

  static Placement of(Pod pod) {
    var spec = pod.getSpec();
    Optional<Affinity> affinity = Optional.ofNullable(spec.getAffinity());
    return new Placement(
        Facts.map(spec.getNodeSelector()),
        affinity
            .flatMap(each -> Optional.ofNullable(each.getNodeAffinity()))
            .flatMap(
                each ->
                    Optional.ofNullable(each.getRequiredDuringSchedulingIgnoredDuringExecution()))
            .map(Placements::selector),
        Facts.list(spec.getTolerations()).stream()
            .map(
                each ->
                    new Placement.Toleration(
                        Facts.text(each.getKey()),
                        toleratesAnyValue(Facts.text(each.getOperator())),
                        Facts.text(each.getValue()),
                        Facts.text(each.getEffect())))
            .toList(),
        affinity
            .flatMap(each -> Optional.ofNullable(each.getPodAntiAffinity()))
            .map(each -> Facts.list(each.getRequiredDuringSchedulingIgnoredDuringExecution()))
            .orElse(List.of())
            .stream()
            .anyMatch(term -> HOSTNAME.equals(term.getTopologyKey()) && selectsItself(term, pod)));
  }

  /**
   * Also by an operator of which this version has never heard ({@code Lt} and {@code Gt} are behind
   * the gate {@code TaintTolerationComparisonOperators}): the pod may bear the taint, so that it is
   * no proof of a loss.
   */
  private static boolean toleratesAnyValue(String operator) {
    return !operator.isEmpty() && !operator.equals("Equal");
  }

  static NodeSelector selector(io.fabric8.kubernetes.api.model.NodeSelector selector) {
    return new NodeSelector(
        Facts.list(selector.getNodeSelectorTerms()).stream()
            .map(
                term ->
                    new NodeSelector.Term(
                        requirements(term.getMatchExpressions()),
                        requirements(term.getMatchFields())))
            .toList());
  }

  /** {@code allowedTopologies}: terms ORed, expressions ANDed, each a list of values. */
  static NodeSelector topologies(List<TopologySelectorTerm> terms) {
    return new NodeSelector(
        terms.stream()
            .map(
                term ->
                    new NodeSelector.Term(
                        Facts.list(term.getMatchLabelExpressions()).stream()
                            .map(
                                each ->
                                    new NodeSelector.Requirement(
                                        Facts.text(each.getKey()),
                                        NodeSelector.Operator.IN,
                                        Facts.list(each.getValues())))
                            .toList(),
                        List.of()))
            .toList());
  }

  /** A label selector of nodes; empty if it selects all. */
  static Optional<NodeSelector> labels(LabelSelector selector) {
    List<NodeSelector.Requirement> requirements = new ArrayList<>();
    Facts.map(selector.getMatchLabels())
        .forEach(
            (key, value) ->
                requirements.add(
                    new NodeSelector.Requirement(key, NodeSelector.Operator.IN, List.of(value))));
    for (LabelSelectorRequirement each : Facts.list(selector.getMatchExpressions())) {
      requirements.add(
          new NodeSelector.Requirement(
              Facts.text(each.getKey()),
              Facts.operator(each.getOperator()),
              Facts.list(each.getValues())));
    }
    return requirements.isEmpty()
        ? Optional.empty()
        : Optional.of(new NodeSelector(List.of(new NodeSelector.Term(requirements, List.of()))));
  }

  private static List<NodeSelector.Requirement> requirements(
      @Nullable List<NodeSelectorRequirement> requirements) {
    return Facts.list(requirements).stream()
        .map(
            each ->
                new NodeSelector.Requirement(
                    Facts.text(each.getKey()),
                    Facts.operator(each.getOperator()),
                    Facts.list(each.getValues())))
        .toList();
  }

  /**
   * Whether the term selects pods with this pod's own labels, so that its siblings are meant.
   * Anything not understood: no.
   */
  private static boolean selectsItself(PodAffinityTerm term, Pod pod) {
    LabelSelector selector = term.getLabelSelector();
    boolean ownNamespace =
        Facts.list(term.getNamespaces()).isEmpty() && term.getNamespaceSelector() == null;
    if (selector == null || !ownNamespace) {
      return false;
    }
    Map<String, String> labels = Facts.map(pod.getMetadata().getLabels());
    return Facts.map(selector.getMatchLabels()).entrySet().stream()
            .allMatch(want -> want.getValue().equals(labels.get(want.getKey())))
        && Facts.list(selector.getMatchExpressions()).stream()
            .allMatch(each -> matches(each, labels));
  }

  private static boolean matches(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(Facts.text(requirement.getKey()));
    List<String> values = Facts.list(requirement.getValues());
    return switch (Facts.text(requirement.getOperator())) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }
}
