package dev.refloat.controller.survey;

import dev.refloat.lean.Heartbeat;
import dev.refloat.recovery.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which nodes were there within the last ten minutes and are not any more (S21). Time is an
 * argument.
 *
 * <p>Two things tell that a node is there: a complete LIST of Nodes, which only surveys make, and
 * its Lease. What has been known to be there is only forgotten when its time is over, never because
 * a later look does not show it: a Lease goes with its Node within seconds (<a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/util/nodelease.go">SetNodeOwnerFunc</a>),
 * long before PodGC strands the first pod and the next survey asks.
 */
final class Vanished {

  private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

  /** A Lease that was not renewed for this long may be of a node that is gone for long. */
  private static final Duration ALIVE_FOR = Duration.ofSeconds(60);

  /** When each node, by name, was last known to be there. */
  private final Map<String, Instant> there = new HashMap<>();

  /** By name, of those that were in a LIST: volumes name their node by it. */
  private final Map<String, String> hostnames = new HashMap<>();

  private Set<String> leases = Set.of();

  /** Takes a complete list of the nodes' Leases; returns how many nodes are alive by it. */
  int heard(List<Heartbeat> beats, Instant asked) {
    Set<String> alive =
        beats.stream()
            .filter(beat -> beat.renewedAt().isAfter(asked.minus(ALIVE_FOR)))
            .map(Heartbeat::node)
            .collect(Collectors.toUnmodifiableSet());
    alive.forEach(name -> there.put(name, asked));
    Set<String> now = beats.stream().map(Heartbeat::node).collect(Collectors.toUnmodifiableSet());
    // However silent it was: its Node was there until just now.
    leases.stream().filter(name -> !now.contains(name)).forEach(name -> there.put(name, asked));
    leases = now;
    return alive.size();
  }

  /**
   * Takes a complete LIST of Nodes.
   *
   * @return the nodes that vanished, by their hostnames, or by their names where those are not
   *     known
   */
  Set<String> missing(Collection<Node> nodes, Instant asked) {
    for (Node node : nodes) {
      there.put(node.name(), asked);
      hostnames.put(node.name(), node.hostname());
    }
    there.values().removeIf(when -> when.isBefore(asked.minus(REMEMBERED_FOR)));
    hostnames.keySet().retainAll(there.keySet());
    Set<String> live = nodes.stream().map(Node::name).collect(Collectors.toUnmodifiableSet());
    return there.keySet().stream()
        .filter(name -> !live.contains(name))
        .map(name -> hostnames.getOrDefault(name, name))
        .collect(Collectors.toUnmodifiableSet());
  }
}
