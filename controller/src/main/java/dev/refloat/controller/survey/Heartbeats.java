package dev.refloat.controller.survey;

import dev.refloat.lean.Heartbeat;
import dev.refloat.lean.LeanLists;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * The Leases of all nodes, read once for all who need them: a few hundred bytes a node, where a
 * Node has ten thousand.
 */
public final class Heartbeats {

  private final LeanLists lists;
  private final InstantSource time;
  private List<Heartbeat> last = List.of();
  private Instant readAt = Instant.MIN;

  public Heartbeats(KubernetesClient client, InstantSource time) {
    this.lists = new LeanLists(client);
    this.time = time;
  }

  /**
   * Returns them as they are now.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if they could not be read to
   *     their end
   */
  public synchronized List<Heartbeat> now() {
    Instant asked = time.instant();
    last = lists.heartbeats();
    readAt = asked;
    return last;
  }

  /**
   * Returns them as they were at most so long ago.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if they had to be read and could
   *     not be
   */
  public synchronized List<Heartbeat> notOlderThan(Duration age) {
    Instant now = time.instant();
    boolean fresh = !readAt.isAfter(now) && readAt.isAfter(now.minus(age));
    return fresh ? last : now();
  }
}
