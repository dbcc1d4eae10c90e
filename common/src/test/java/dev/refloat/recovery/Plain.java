package dev.refloat.recovery;

import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.NodeSelector.Requirement;
import dev.refloat.storage.NodeSelector.Term;
import dev.refloat.storage.VolumeSource;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kubernetes' rules and the words of SAFETY.md a second time, as plain as can be.
 *
 * <p>For {@link Oracle} only: it must not be wrong in the same way as what it watches over, so
 * nothing here calls a method of the code under test but the accessors of facts.
 */
final class Plain {

  static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
  static final String CORDON = "node.kubernetes.io/unschedulable";

  /** Taints that say nothing about a loss: start-up, shutdown, pressure (S14). */
  private static final List<String> PASSING =
      List.of(
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/network-unavailable",
          "node.cloudprovider.kubernetes.io/uninitialized",
          "node.cloudprovider.kubernetes.io/shutdown",
          "startup-taint.cluster-autoscaler.kubernetes.io/gpu",
          "karpenter.sh/unregistered");

  /** Taints that say by another word what the node says itself. */
  private static final Set<String> SAID_OTHERWISE =
      Set.of(
          CORDON, OUT_OF_SERVICE, "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  /** Drivers of local storage that occur in the worlds, each with its node key. */
  private static final Map<String, String> DRIVERS =
      Map.of(
          "topolvm.io", "topology.topolvm.io/node",
          "hostpath.csi.k8s.io", "topology.hostpath.csi/node");

  private static final Set<String> PROVISIONERS =
      Set.of(
          "kubernetes.io/no-provisioner",
          "rancher.io/local-path",
          "topolvm.io",
          "hostpath.csi.k8s.io");

  /** What an administrator may add in a world. */
  private static final String ADDED = "local.example.com";

  private static final String ADDED_KEY = "example.com/node";

  private Plain() {}

  /** Whether a volume with this affinity can be used on a node with these labels. */
  static boolean usable(Volume volume, Node node) {
    return volume.affinity().isEmpty() || matches(volume.affinity().get(), node.labels());
  }

  private static boolean matches(NodeSelector selector, Map<String, String> labels) {
    for (Term term : selector.terms()) {
      if (term.labels().isEmpty() && term.fields().isEmpty()) {
        continue;
      }
      if (all(term.labels(), labels)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesNamed(NodeSelector selector, Node node) {
    for (Term term : selector.terms()) {
      if (term.labels().isEmpty() && term.fields().isEmpty()) {
        continue;
      }
      if (all(term.labels(), node.labels())
          && all(term.fields(), Map.of("metadata.name", node.name()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean all(List<Requirement> requirements, Map<String, String> values) {
    for (Requirement each : requirements) {
      boolean there = values.containsKey(each.key());
      String value = values.getOrDefault(each.key(), "");
      boolean holds =
          switch (each.operator()) {
            case IN -> there && each.values().contains(value);
            case NOT_IN -> !(there && each.values().contains(value));
            case EXISTS -> there;
            case DOES_NOT_EXIST -> !there;
            case GREATER -> there && number(value) > number(each.values().getFirst());
            case LESS -> there && number(value) < number(each.values().getFirst());
            // Of what is not known nothing may be concluded.
            case UNKNOWN -> true;
          };
      if (!holds) {
        return false;
      }
    }
    return true;
  }

  private static long number(String text) {
    return new BigInteger(text).longValueExact();
  }

  static boolean tolerates(Pod pod, Node.Taint taint) {
    for (Placement.Toleration each : pod.placement().tolerations()) {
      if (!each.key().isEmpty() && !each.key().equals(taint.key())) {
        continue;
      }
      if (!each.effect().isEmpty() && !each.effect().equals(taint.effect())) {
        continue;
      }
      if (each.exists() || each.value().equals(taint.value())) {
        return true;
      }
    }
    return false;
  }

  /** Taints that keep this pod off, whatever they mean. */
  static List<Node.Taint> minded(Pod pod, Node node) {
    return node.taints().stream()
        .filter(taint -> !taint.effect().equals("PreferNoSchedule"))
        .filter(taint -> !tolerates(pod, taint))
        .toList();
  }

  static boolean cordonMinded(Pod pod, Node node) {
    return node.unschedulable() && !tolerates(pod, new Node.Taint(CORDON, "", "NoSchedule"));
  }

  /** Whether the scheduler could put this pod there, as far as the node's state goes. */
  static boolean takes(Node node, Pod pod) {
    return node.ready()
        && !outOfService(node)
        && !cordonMinded(pod, node)
        && minded(pod, node).isEmpty();
  }

  static boolean outOfService(Node node) {
    return node.taints().stream().anyMatch(taint -> taint.key().equals(OUT_OF_SERVICE));
  }

  static boolean passes(Node.Taint taint) {
    return PASSING.contains(taint.key()) || taint.key().endsWith("/agent-not-ready");
  }

  /** Whether it is a taint by which somebody says that this pod shall not run there any more. */
  static boolean grave(Node.Taint taint) {
    return !passes(taint) && !SAID_OTHERWISE.contains(taint.key());
  }

  /** Whether pods may go to this node for all that is known. */
  static boolean selected(Pod pod, Node node) {
    for (Map.Entry<String, String> want : pod.placement().nodeSelector().entrySet()) {
      if (!want.getValue().equals(node.labels().get(want.getKey()))) {
        return false;
      }
    }
    return pod.placement().required().isEmpty()
        || matchesNamed(pod.placement().required().get(), node);
  }

  static boolean reaches(Optional<NodeSelector> selector, Node node) {
    return selector.isEmpty() || matchesNamed(selector.get(), node);
  }

  /** Whether a class with that provisioner may make local volumes, in this world. */
  static boolean mayBeLocal(String provisioner, Situation world) {
    return PROVISIONERS.contains(provisioner) || (provisioner.equals(ADDED) && added(world));
  }

  /**
   * Whether a volume is local, and on one node for sure: there is a key that stands for one node
   * and that every term of its affinity gives the same single value (S03, S04).
   */
  static boolean onOneNode(Volume volume, Situation world) {
    Set<String> home = home(volume, world);
    return !home.isEmpty()
        && home.stream()
            .anyMatch(
                name ->
                    volume.affinity().orElseThrow().terms().stream()
                        .allMatch(term -> names(term, world).contains(Set.of(name))));
  }

  private static List<Set<String>> names(Term term, Situation world) {
    return Stream.concat(
            term.labels().stream().filter(each -> nodeKeys(world).contains(each.key())),
            term.fields().stream().filter(each -> each.key().equals("metadata.name")))
        .filter(Plain::isOneOf)
        .map(each -> Set.copyOf(each.values()))
        .toList();
  }

  /**
   * Every name by which the affinity of a local volume calls the node that it is on; empty if it is
   * not local, or if some term names no node.
   */
  static Set<String> home(Volume volume, Situation world) {
    boolean local =
        switch (volume.source()) {
          case VolumeSource.Local() -> true;
          case VolumeSource.HostPath() -> volume.affinity().isPresent();
          case VolumeSource.Csi(String driver) ->
              DRIVERS.containsKey(driver) || (driver.equals(ADDED) && added(world));
          case VolumeSource.Other() -> false;
        };
    if (!local || volume.affinity().isEmpty() || volume.affinity().get().terms().isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    for (Term term : volume.affinity().get().terms()) {
      Set<String> here =
          names(term, world).stream().flatMap(Set::stream).collect(Collectors.toSet());
      if (here.isEmpty()) {
        return Set.of();
      }
      names.addAll(here);
    }
    return names;
  }

  private static boolean isOneOf(Requirement each) {
    return each.operator() == NodeSelector.Operator.IN;
  }

  /** The drivers' keys that the volume is pinned by where it is not pinned by the hostname. */
  static Set<String> driverKeys(Volume volume, Situation world) {
    Set<String> keys = new HashSet<>();
    for (Term term : volume.affinity().orElseThrow().terms()) {
      Set<String> here =
          term.labels().stream()
              .filter(each -> isOneOf(each) && nodeKeys(world).contains(each.key()))
              .map(Requirement::key)
              .collect(Collectors.toSet());
      if (!here.contains("kubernetes.io/hostname")) {
        keys.addAll(here);
      }
    }
    return keys;
  }

  private static Set<String> nodeKeys(Situation world) {
    Set<String> keys = new HashSet<>(DRIVERS.values());
    keys.add("kubernetes.io/hostname");
    if (added(world)) {
      keys.add(ADDED_KEY);
    }
    return keys;
  }

  /** What the administrator added is hidden in an object; the one question that it answers. */
  private static boolean added(Situation world) {
    return world.policy().storage().mayBeLocal(ADDED);
  }

  /** Whether something of that name is left: a Node by its name or hostname, or a CSINode (S11). */
  static boolean leftOf(String name, Cluster cluster) {
    return cluster.csiNodes().contains(name)
        || cluster.nodes().stream().anyMatch(node -> answersTo(name, node));
  }

  static boolean answersTo(String name, Node node) {
    return node.name().equals(name) || name.equals(node.labels().get("kubernetes.io/hostname"));
  }
}
