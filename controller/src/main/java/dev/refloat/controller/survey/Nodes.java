package dev.refloat.controller.survey;

import dev.refloat.lean.LeanLists;
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

  /** 5,000 nodes are some MB: where nobody asks for them any more they are forgotten. */
  private static final Duration KEPT_FOR = Duration.ofMinutes(1);

  private final LeanLists lists;
  private final InstantSource time;
  private final Heartbeats heartbeats;
  private final Vanished vanished = new Vanished();
  private Seen last = Seen.NOTHING;

  /** For those who must not wait while somebody lists. */
  private volatile Ready ready = new Ready(Set.of(), Instant.MIN);

  Nodes(KubernetesClient client, InstantSource time, Heartbeats heartbeats) {
    this.lists = new LeanLists(client);
    this.time = time;
    this.heartbeats = heartbeats;
  }

  /**
   * All Nodes.
   *
   * @param vanished the hostnames of those that vanished within the last ten minutes
   * @param asked before the list went out
   */
  record Seen(List<Node> nodes, Set<String> vanished, Instant asked) {

    private static final Seen NOTHING = new Seen(List.of(), Set.of(), Instant.MIN);
  }

  private record Ready(Set<String> names, Instant asked) {}

  /**
   * Returns the nodes as they were at most a second before this call, and not before that time. Who
   * has to wait for another one's list may have it: it is younger than the call.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the list could not be read to
   *     its end
   */
  Seen notBefore(Instant instant) {
    Instant called = time.instant();
    synchronized (this) {
      boolean fresh =
          last.asked().isAfter(called.minus(SHARED_FOR))
              && !last.asked().isBefore(instant)
              && !last.asked().isAfter(time.instant());
      return fresh ? last : now();
    }
  }

  private Seen now() {
    Instant asked = time.instant();
    Map<String, Node> before = new HashMap<>();
    last.nodes().forEach(node -> before.put(node.uid(), node));
    // Most nodes are as they were: lists that are held at the same time share them.
    List<Node> nodes =
        lists.nodes(
            node -> {
              Node same = before.getOrDefault(node.uid(), node);
              return same.equals(node) ? same : node;
            });
    last = new Seen(nodes, vanished.missing(nodes, asked), asked);
    ready =
        new Ready(
            nodes.stream().filter(Node::ready).map(Node::name).collect(Collectors.toSet()), asked);
    return last;
  }

  /** Whether the Node of that name was Ready when all Nodes were read, not before that time. */
  boolean sawReady(String name, Instant notBefore) {
    Ready known = ready;
    return !known.asked().isBefore(notBefore)
        && !known.asked().isAfter(time.instant())
        && known.names().contains(name);
  }

  /**
   * Looks which nodes are alive, so that the next survey knows which ones vanished.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the Leases could not be read
   *     to their end
   */
  void lookAround() {
    Instant asked = time.instant();
    var beats = heartbeats.now();
    int alive;
    synchronized (this) {
      alive = vanished.heard(beats, asked);
      if (last.asked().isBefore(asked.minus(KEPT_FOR))) {
        last = Seen.NOTHING;
      }
    }
    log.atDebug().addKeyValue("nodes", alive).log("Looked which nodes are alive");
  }
}
