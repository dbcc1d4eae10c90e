package dev.refloat.controller.survey;

import dev.refloat.controller.lean.Heartbeat;
import dev.refloat.controller.lean.LeanLists;
import dev.refloat.recovery.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every Node there is, by complete LISTs, shared by all surveys for at most a second; and which
 * Nodes vanished lately.
 *
 * <p>What vanished can only be told by somebody who looked before. A healthy cluster makes no
 * surveys, so the nodes' {@link Heartbeats} are looked at twice a minute (S21).
 */
final class Nodes {

  private static final Logger log = LoggerFactory.getLogger(Nodes.class);
  private static final Duration SHARED_FOR = Duration.ofSeconds(1);
  private static final Duration REMEMBERED_FOR = Duration.ofMinutes(10);

  /**
   * A Lease that was not renewed for this long is of no live node; the next look does not count it.
   */
  private static final Duration ALIVE_FOR = Duration.ofSeconds(60);

  /** What was known longer ago says nothing about what vanishes now. */
  private static final Duration COMPARABLE_FOR = Duration.ofMinutes(2);

  private final LeanLists lists;
  private final InstantSource time;
  private final Heartbeats heartbeats;
  private List<Node> last = List.of();
  private Instant readAt = Instant.MIN;
  private Set<String> known = Set.of();
  private Instant knownAt = Instant.MIN;
  private final Map<String, Instant> vanished = new HashMap<>();

  Nodes(KubernetesClient client, InstantSource time, Heartbeats heartbeats) {
    this.lists = new LeanLists(client);
    this.time = time;
    this.heartbeats = heartbeats;
  }

  /** All Nodes and the names of those that vanished within the last ten minutes. */
  record Seen(List<Node> nodes, Set<String> vanished) {}

  /**
   * Returns the nodes as they were at most a second ago, and not before that time.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the list could not be read to
   *     its end
   */
  synchronized Seen notBefore(Instant instant) {
    Instant now = time.instant();
    boolean fresh =
        readAt.isAfter(now.minus(SHARED_FOR)) && !readAt.isAfter(now) && !readAt.isBefore(instant);
    return fresh ? new Seen(last, Set.copyOf(vanished.keySet())) : now();
  }

  /**
   * Returns the nodes as they are now.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the list could not be read to
   *     its end
   */
  private synchronized Seen now() {
    Instant asked = time.instant();
    List<Node> nodes = lists.nodes();
    Set<String> names = nodes.stream().map(Node::name).collect(Collectors.toSet());
    if (knownAt.isAfter(asked.minus(COMPARABLE_FOR))) {
      known.stream()
          .filter(name -> !names.contains(name))
          .forEach(name -> vanished.putIfAbsent(name, asked));
    }
    vanished.keySet().removeAll(names);
    vanished.values().removeIf(when -> when.isBefore(asked.minus(REMEMBERED_FOR)));
    know(names, asked);
    last = nodes;
    readAt = asked;
    return new Seen(nodes, Set.copyOf(vanished.keySet()));
  }

  /** Whether the Node of that name was Ready when all Nodes were read, not before that time. */
  synchronized boolean sawReady(String name, Instant notBefore) {
    return !readAt.isBefore(notBefore)
        && !readAt.isAfter(time.instant())
        && last.stream().anyMatch(node -> node.name().equals(name) && node.ready());
  }

  /**
   * Looks which nodes are alive, so that the next survey knows which ones vanished.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the Leases could not be read
   *     to their end
   */
  synchronized void lookAround() {
    Instant asked = time.instant();
    Set<String> alive =
        heartbeats.now().stream()
            .filter(beat -> beat.renewedAt().isAfter(asked.minus(ALIVE_FOR)))
            .map(Heartbeat::node)
            .collect(Collectors.toSet());
    know(alive, asked);
    log.atDebug().addKeyValue("nodes", alive.size()).log("Looked which nodes are alive");
  }

  private void know(Set<String> names, Instant asked) {
    known = Set.copyOf(names);
    knownAt = asked;
  }
}
