package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.storage.Locality;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What has become of the node that a volume is pinned to. */
public sealed interface Home {

  /**
   * A node that satisfies the volume is Ready, schedulable, and bears no taint that the pod minds.
   */
  record Healthy(String node) implements Home {}

  /**
   * Lost in one or several ways.
   *
   * @param name the node that the volume names
   * @param causes each way with the Node it was seen on
   */
  record Lost(String name, List<Loss> causes) implements Home {

    public Lost {
      causes = List.copyOf(causes);
    }
  }

  /**
   * It has only taints that start-up, shutdown or pressure explain: neither healthy nor lost (S14).
   */
  record NotSettled(String node, List<String> taints) implements Home {

    public NotSettled {
      taints = List.copyOf(taints);
    }
  }

  /**
   * It cannot be proved gone: nothing satisfies the volume, and yet something of the node is there,
   * a label is missing, or a CSINode is left; or several Nodes satisfy it (S11).
   */
  record StillRegistered(String name, String evidence) implements Home {}

  /**
   * One way in which the node is lost.
   *
   * @param state which
   * @param node the name of the Node that it was seen on; empty when there is none
   * @param nodeUid the UID of that Node
   * @param notBefore when the node itself says that it came into this state; the epoch if it does
   *     not say
   * @param evidence for words
   */
  record Loss(LostState state, String node, String nodeUid, Instant notBefore, String evidence) {

    private static Loss of(Node node, LostState state, Instant notBefore, String evidence) {
      return new Loss(state, node.name(), node.uid(), notBefore, evidence);
    }
  }

  /**
   * Taints that are none of a user's doing and pass by themselves, by key; and those that
   * Kubernetes says by a condition as well.
   */
  Set<String> PASSING =
      Set.of(
          "node.kubernetes.io/memory-pressure",
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/pid-pressure",
          "node.kubernetes.io/network-unavailable",
          "node.cloudprovider.kubernetes.io/uninitialized",
          "node.cloudprovider.kubernetes.io/shutdown",
          "node.cilium.io/agent-not-ready",
          "node.csi.azure.com/disk",
          "ebs.csi.aws.com/agent-not-ready",
          "efs.csi.aws.com/agent-not-ready",
          "topolvm.io/agent-not-ready",
          "startup-taint.cluster-autoscaler.kubernetes.io",
          "karpenter.sh/unregistered",
          "karpenter.sh/uninitialized",
          "readiness.k8s.io");

  String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
  String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
  Set<String> NOT_READY = Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

  /**
   * What has become of a volume's node, from live objects only.
   *
   * @param pinned where the volume is
   * @param cluster a complete LIST of Nodes, and the CSINodes of the pinned names
   * @param pod whose tolerations count
   */
  static Home of(Locality.Pinned pinned, Cluster cluster, Pod pod) {
    List<Node> matching =
        cluster.nodes().stream()
            .filter(node -> pinned.affinity().matchesVolumeOn(node.labels()))
            .toList();
    String name = String.join(", ", pinned.names());
    if (matching.isEmpty()) {
      return unmatched(pinned.aliases(), name, cluster);
    }
    if (matching.size() > 1) {
      String all = String.join(", ", matching.stream().map(Node::name).sorted().toList());
      return new StillRegistered(
          name, "several Nodes match its volume (" + all + "), so nobody knows which has the disk");
    }
    List<Loss> causes = new ArrayList<>();
    NavigableSet<String> passing = new TreeSet<>();
    for (Node node : matching) {
      List<Loss> losses = lossesOf(node, pod);
      List<String> taints = passingTaints(node, pod);
      if (losses.isEmpty() && taints.isEmpty()) {
        return new Healthy(node.name());
      }
      causes.addAll(losses);
      if (losses.isEmpty()) {
        passing.addAll(taints);
      }
    }
    if (!passing.isEmpty()) {
      return new NotSettled(matching.getFirst().name(), List.copyOf(passing));
    }
    return new Lost(name, causes);
  }

  /**
   * Evidence that the node of that name is gone: there is neither a Node nor a CSINode of it, or
   * its Node is out of service (S16). Empty if it is not.
   */
  static Optional<String> gone(String name, Cluster cluster) {
    List<Node> found =
        cluster.nodes().stream()
            .filter(node -> node.name().equals(name) || node.hostname().equals(name))
            .toList();
    if (found.isEmpty()) {
      return cluster.csiNodes().contains(name)
          ? Optional.empty()
          : Optional.of("no Node of that name or hostname, no CSINode");
    }
    return found.stream().allMatch(Home::outOfService)
        ? Optional.of("taint " + OUT_OF_SERVICE)
        : Optional.empty();
  }

  static boolean outOfService(Node node) {
    return node.taints().stream().anyMatch(taint -> taint.key().equals(OUT_OF_SERVICE));
  }

  private static Home unmatched(NavigableSet<String> names, String name, Cluster cluster) {
    for (Node node : cluster.nodes()) {
      if (names.contains(node.name()) || names.contains(node.hostname())) {
        return new StillRegistered(
            name,
            "nothing matches the volume's node affinity, but Node " + node.name() + " exists");
      }
    }
    for (String pinned : names) {
      if (cluster.csiNodes().contains(pinned)) {
        return new StillRegistered(
            name, "nothing matches the volume's node affinity, but CSINode " + pinned + " exists");
      }
    }
    return new Lost(
        name,
        List.of(
            new Loss(
                LostState.GONE,
                "",
                "",
                Instant.EPOCH,
                "no Node of that name or hostname, no CSINode, nothing matches the volume")));
  }

  private static List<Loss> lossesOf(Node node, Pod pod) {
    List<Loss> losses = new ArrayList<>();
    if (outOfService(node)) {
      losses.add(Loss.of(node, LostState.GONE, Instant.EPOCH, "taint " + OUT_OF_SERVICE));
    }
    if (!node.ready()) {
      losses.add(
          Loss.of(
              node,
              LostState.NOT_READY,
              node.readyChangedAt(),
              "not Ready since " + node.readyChangedAt()));
    }
    if (node.unschedulable()
        && !pod.placement().tolerates(new Node.Taint(UNSCHEDULABLE, "", "NoSchedule"))) {
      losses.add(Loss.of(node, LostState.CORDONED, Instant.EPOCH, "cordoned"));
    }
    for (Node.Taint taint : node.taints()) {
      if (taint.repels()
          && !countsOtherwise(taint)
          && !passing(taint)
          && !pod.placement().tolerates(taint)) {
        losses.add(Loss.of(node, LostState.TAINTED, Instant.EPOCH, "taint " + taint));
        break;
      }
    }
    return losses;
  }

  private static List<String> passingTaints(Node node, Pod pod) {
    return node.taints().stream()
        .filter(taint -> taint.repels() && passing(taint) && !pod.placement().tolerates(taint))
        .map(Node.Taint::toString)
        .toList();
  }

  private static boolean countsOtherwise(Node.Taint taint) {
    return taint.key().equals(UNSCHEDULABLE)
        || taint.key().equals(OUT_OF_SERVICE)
        || NOT_READY.contains(taint.key());
  }

  static boolean passing(Node.Taint taint) {
    return PASSING.stream()
            .anyMatch(key -> taint.key().equals(key) || taint.key().startsWith(key + "/"))
        || taint.key().endsWith("/agent-not-ready");
  }
}
