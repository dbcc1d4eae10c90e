package dev.refloat.recovery;

import dev.refloat.recovery.Node.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Machines, and what has become of each: most are well, one is the one that this world is about.
 *
 * @param machines all there are or were, the lost one first, the second suspect next
 */
record RandomCluster(List<Machine> machines, Cluster cluster) {

  static final String HOSTNAME = "kubernetes.io/hostname";
  static final String ZONE = "topology.kubernetes.io/zone";
  static final String RACK = "example.com/rack";
  static final String TOPOLVM_KEY = "topology.topolvm.io/node";
  static final String HOSTPATH_KEY = "topology.hostpath.csi/node";

  /** A key that only an administrator can make known. */
  static final String OWN_KEY = "example.com/node";

  private static final Set<String> DRIVER_KEYS = Set.of(TOPOLVM_KEY, HOSTPATH_KEY, OWN_KEY);

  /** A machine as Kubernetes knows it while it is well. */
  record Machine(String name, Map<String, String> labels) {

    String label(String key) {
      return labels.getOrDefault(key, name);
    }
  }

  /** What has become of a machine, and how often that is so. */
  private enum Fate {
    WELL(5),
    GONE(42),
    CSINODE_LEFT(2),
    OUT_OF_SERVICE(8),
    NOT_READY(9),
    CORDONED(8),
    TAINTED(6),
    DRAINED(7),
    STARTING(3),
    UNLABELLED(3),
    REPLACED(3),
    TWIN(2),
    GONE_WHILE_ANOTHER_STARTS(2);

    private final int weight;

    Fate(int weight) {
      this.weight = weight;
    }

    static Fate draw(Dice dice) {
      List<Fate> urn = new ArrayList<>();
      for (Fate fate : values()) {
        for (int i = 0; i < fate.weight; i++) {
          urn.add(fate);
        }
      }
      return dice.oneOf(urn);
    }
  }

  Machine lost() {
    return machines.getFirst();
  }

  Machine suspect() {
    return machines.get(1);
  }

  static RandomCluster draw(Dice dice, Instant now, int size) {
    boolean hostnameDiffers = dice.percent(15);
    boolean driversRegistered = !dice.odd(4);
    List<Machine> machines = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      machines.add(machine(dice, "n" + i, hostnameDiffers, driversRegistered));
    }
    List<Node> nodes = new ArrayList<>();
    Set<String> csiNodes = new HashSet<>();
    Set<String> vanished = new HashSet<>();
    for (Machine machine : machines) {
      boolean main = machine.equals(machines.getFirst());
      boolean suspect = machine.equals(machines.get(1));
      Fate fate = main || dice.odd(suspect ? 15 : 4) ? Fate.draw(dice) : Fate.WELL;
      List<Node> found = nodes(dice, now, machine, fate);
      nodes.addAll(found);
      if (found.stream().noneMatch(node -> node.name().equals(machine.name()))
          && dice.percent(70)) {
        vanished.add(dice.oneOf(machine.name(), machine.label(HOSTNAME)));
      }
      if (fate == Fate.CSINODE_LEFT) {
        csiNodes.add(machine.name());
        csiNodes.add(machine.label(HOSTNAME));
      }
    }
    if (dice.odd(2)) {
      vanished.add("n-of-old");
    }
    if (dice.odd(0.3)) {
      nodes.clear();
    }
    return new RandomCluster(machines, new Cluster(dice.shuffled(nodes), csiNodes, vanished));
  }

  private static Machine machine(
      Dice dice, String name, boolean hostnameDiffers, boolean driversRegistered) {
    Map<String, String> labels = new HashMap<>();
    if (!dice.odd(1)) {
      labels.put(HOSTNAME, hostnameDiffers ? name + ".internal" : name);
    }
    labels.put(ZONE, dice.oneOf("a", "b"));
    labels.put(RACK, Integer.toString(dice.between(1, 9)));
    if (driversRegistered) {
      DRIVER_KEYS.forEach(key -> labels.put(key, name));
    }
    return new Machine(name, labels);
  }

  private static List<Node> nodes(Dice dice, Instant now, Machine machine, Fate fate) {
    Node well =
        new Node(
            machine.name(),
            "uid-" + machine.name(),
            now.minus(dice.between(Duration.ofDays(100), Duration.ofDays(900))),
            machine.labels(),
            false,
            taints(dice),
            true,
            now.minus(dice.between(Duration.ofHours(2), Duration.ofHours(50))));
    Instant lately = now.minus(dice.between(Duration.ZERO, Duration.ofMinutes(40)));
    return switch (fate) {
      case WELL -> List.of(well);
      case GONE, CSINODE_LEFT -> List.of();
      case OUT_OF_SERVICE -> List.of(outOfService(notReady(dice, well, lately)));
      case NOT_READY -> List.of(notReady(dice, well, lately));
      case CORDONED -> List.of(cordoned(well));
      case TAINTED -> List.of(tainted(well, dice.oneOf(GRAVE)));
      case DRAINED -> List.of(tainted(cordoned(notReady(dice, well, lately)), dice.oneOf(GRAVE)));
      case STARTING ->
          List.of(
              tainted(
                  dice.percent(70) ? well : cordoned(well),
                  new Taint(dice.oneOf(PASSING), "", dice.oneOf("NoSchedule", "NoExecute"))));
      case UNLABELLED -> List.of(unlabelled(dice, well));
      case REPLACED ->
          List.of(Copy.with(Copy.with(well, "createdAt", lately), "uid", well.uid() + "-again"));
      case TWIN -> List.of(well, Copy.with(Copy.with(well, "name", "twin"), "uid", "uid-twin"));
      case GONE_WHILE_ANOTHER_STARTS -> {
        Map<String, String> labels = new HashMap<>(well.labels());
        labels.keySet().removeAll(DRIVER_KEYS);
        labels.put(HOSTNAME, "new-" + machine.name());
        Node another =
            Copy.with(Copy.with(well, "name", "new-" + machine.name()), "labels", labels);
        yield List.of(Copy.with(Copy.with(another, "createdAt", lately), "uid", "uid-new"));
      }
    };
  }

  private static final List<String> PASSING =
      List.of(
          "node.kubernetes.io/disk-pressure",
          "node.kubernetes.io/network-unavailable",
          "node.cloudprovider.kubernetes.io/uninitialized",
          "node.cloudprovider.kubernetes.io/shutdown",
          "node.cilium.io/agent-not-ready",
          "ebs.csi.aws.com/agent-not-ready",
          "vendor.example.com/agent-not-ready",
          "startup-taint.cluster-autoscaler.kubernetes.io/gpu",
          "karpenter.sh/unregistered");

  private static final List<Taint> GRAVE =
      List.of(
          new Taint("dedicated", "batch", "NoSchedule"),
          new Taint("example.com/broken-disk", "", "NoExecute"),
          new Taint("ToBeDeletedByClusterAutoscaler", "1", "NoSchedule"));

  private static List<Taint> taints(Dice dice) {
    List<Taint> taints = new ArrayList<>();
    if (dice.odd(4)) {
      taints.add(new Taint("example.com/rather-not", "", "PreferNoSchedule"));
    }
    if (dice.odd(2)) {
      taints.add(new Taint("dedicated", "db", "NoSchedule"));
    }
    return taints;
  }

  private static Node tainted(Node node, Taint more) {
    List<Taint> taints = new ArrayList<>(node.taints());
    taints.add(more);
    return Copy.with(node, "taints", taints);
  }

  private static Node outOfService(Node node) {
    return tainted(
        node, new Taint("node.kubernetes.io/out-of-service", "nodeshutdown", "NoExecute"));
  }

  private static Node notReady(Dice dice, Node node, Instant since) {
    Node down = Copy.with(Copy.with(node, "ready", false), "readyChangedAt", since);
    String key = dice.oneOf("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");
    return dice.percent(80)
        ? tainted(tainted(down, new Taint(key, "", "NoSchedule")), new Taint(key, "", "NoExecute"))
        : down;
  }

  private static Node cordoned(Node node) {
    return tainted(
        Copy.with(node, "unschedulable", true),
        new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule"));
  }

  /** The node is there under its name, its hostname, or both, but not every label is. */
  private static Node unlabelled(Dice dice, Node node) {
    Map<String, String> labels = new HashMap<>(node.labels());
    labels.keySet().removeAll(DRIVER_KEYS);
    if (dice.percent(60)) {
      labels.remove(HOSTNAME);
    }
    if (dice.percent(20)) {
      labels.put(HOSTNAME, "other." + node.name());
    }
    return Copy.with(node, "labels", labels);
  }
}
