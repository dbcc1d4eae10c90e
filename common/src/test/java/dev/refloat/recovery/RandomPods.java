package dev.refloat.recovery;

import dev.refloat.recovery.RandomCluster.Machine;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.NodeSelector.Operator;
import dev.refloat.storage.NodeSelector.Requirement;
import dev.refloat.storage.NodeSelector.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pod that waits, its siblings, and whoever else lives in its namespace. */
final class RandomPods {

  private final Dice dice;
  private final Instant now;
  private final RandomCluster cluster;
  private final String namespace;

  RandomPods(Dice dice, Instant now, RandomCluster cluster, String namespace) {
    this.dice = dice;
    this.now = now;
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /** The pod that this world is about. */
  Pod stranded(
      String name,
      Pod.Owner controller,
      Map<String, String> annotations,
      List<PodStorage> storage) {
    Pod pod =
        new Pod(
            id(name),
            annotations,
            "Pending",
            Optional.empty(),
            Optional.empty(),
            dice.odd(1),
            dice.odd(1),
            now.minus(dice.between(Duration.ZERO, Duration.ofHours(3))),
            Optional.of(controller),
            storage.stream().map(PodStorage::ref).toList(),
            Optional.empty(),
            placement());
    if (dice.odd(3)) {
      pod =
          Copy.with(
              pod,
              "nominatedNode",
              Optional.of(dice.percent(50) ? cluster.lost().name() : anywhere().name()));
    }
    if (dice.odd(1.5)) {
      pod = Copy.with(pod, "node", Optional.of(anywhere().name()));
    }
    if (dice.odd(1)) {
      pod = Copy.with(pod, "phase", dice.oneOf("Running", "Failed", "Succeeded", "Unknown"));
    }
    if (dice.odd(1.5)) {
      pod = Copy.with(pod, "controller", controller(controller));
    }
    return pod;
  }

  private Optional<Pod.Owner> controller(Pod.Owner right) {
    return dice.oneOf(
        Optional.empty(),
        Optional.of(new Pod.Owner("ReplicaSet", right.name(), right.uid())),
        Optional.of(new Pod.Owner("StatefulSet", right.name(), "uid-of-the-set-before")));
  }

  private Placement placement() {
    if (dice.percent(55)) {
      return Placement.ANYWHERE;
    }
    Map<String, String> selector = new HashMap<>();
    if (dice.odd(8)) {
      selector.put(RandomCluster.ZONE, dice.oneOf("a", "b"));
    }
    Optional<NodeSelector> required = Optional.empty();
    if (dice.odd(10)) {
      Requirement rack = new Requirement(RandomCluster.RACK, Operator.LESS, List.of("7"));
      Requirement name =
          new Requirement("metadata.name", Operator.NOT_IN, List.of(anywhere().name()));
      required =
          dice.oneOf(
              Optional.of(new NodeSelector(List.of(new Term(List.of(rack), List.of())))),
              Optional.of(new NodeSelector(List.of(new Term(List.of(), List.of(name))))));
    }
    List<Placement.Toleration> tolerations = new ArrayList<>();
    if (dice.percent(20)) {
      tolerations.add(new Placement.Toleration("dedicated", false, "db", "NoSchedule"));
    }
    if (dice.odd(4)) {
      tolerations.add(
          dice.oneOf(
              new Placement.Toleration("", true, "", ""),
              new Placement.Toleration("", true, "", "NoExecute"),
              new Placement.Toleration("dedicated", true, "", ""),
              new Placement.Toleration("node.kubernetes.io/unschedulable", true, "", ""),
              new Placement.Toleration("node.cilium.io/agent-not-ready", true, "", "")));
    }
    return new Placement(selector, required, tolerations, dice.percent(30));
  }

  /** Everybody else in the namespace. */
  List<Pod> others(OwningSet set, int own, List<PodStorage> storage) {
    List<Pod> others = new ArrayList<>();
    Pod.Owner owner = new Pod.Owner("StatefulSet", set.name(), set.id().uid());
    for (int ordinal = set.start(); ordinal < set.start() + set.replicas(); ordinal++) {
      boolean missing = dice.odd(3) || dice.odd(ordinal > own && set.ordered() ? 6 : 0);
      if (ordinal != own && !missing) {
        others.add(sibling(set.name() + "-" + ordinal, owner, set.minReady()));
      }
    }
    if (dice.odd(4)) {
      others.add(sibling(set.name() + "-" + (set.start() + set.replicas()), owner, set.minReady()));
    }
    if (dice.odd(3)) {
      others.add(sibling(set.name() + "-debug", owner, set.minReady()));
    }
    int users = dice.odd(4) ? dice.oneOf(1, 1, 2, 30) : 0;
    for (int i = 0; i < users; i++) {
      String claim = dice.oneOf(storage).ref().claim();
      Pod job =
          well(
              "backup-of-every-single-night-29384710-x7k2p-" + i,
              new Pod.Owner("Job", "backup", "uid-backup"),
              anywhere(),
              claim);
      others.add(Copy.with(job, "phase", dice.oneOf("Pending", "Running", "Succeeded", "Failed")));
    }
    if (dice.odd(5)) {
      others.add(
          well("web-1", new Pod.Owner("ReplicaSet", "web", "uid-web"), anywhere(), "web-data"));
    }
    return dice.shuffled(others);
  }

  private Pod sibling(String name, Pod.Owner owner, Duration minReady) {
    Pod well =
        well(
            name,
            owner,
            dice.oneOf(cluster.machines().subList(2, cluster.machines().size())),
            "data-" + name);
    if (!dice.odd(7)) {
      return well;
    }
    return switch (dice.between(1, 7)) {
      case 1 -> Copy.with(well, "terminating", true);
      case 2, 3 -> {
        Pod waiting =
            Copy.with(Copy.with(well, "phase", "Pending"), "readySince", Optional.empty());
        yield Copy.with(waiting, "node", Optional.empty());
      }
      case 4 -> Copy.with(well, "node", Optional.of(cluster.lost().name()));
      case 5 -> Copy.with(well, "readySince", Optional.empty());
      case 6 ->
          Copy.with(
              well,
              "readySince",
              Optional.of(now.minus(dice.between(Duration.ZERO, minReady.plusSeconds(5)))));
      default -> Copy.with(well, "phase", "Failed");
    };
  }

  private Pod well(String name, Pod.Owner owner, Machine machine, String claim) {
    Instant since = now.minus(dice.between(Duration.ofMinutes(10), Duration.ofHours(90)));
    return new Pod(
        id(name),
        Map.of(),
        "Running",
        Optional.of(machine.name()),
        Optional.empty(),
        false,
        false,
        since.minusSeconds(9),
        Optional.of(owner),
        List.of(new Pod.ClaimRef("data", claim, false)),
        Optional.of(since),
        Placement.ANYWHERE);
  }

  private Machine anywhere() {
    return dice.oneOf(cluster.machines());
  }

  private ObjectId id(String name) {
    return new ObjectId(namespace, name, "uid-" + name, Integer.toString(dice.between(1, 9_999)));
  }
}
