package dev.refloat.lab.bench;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When the pods of a namespace were stranded and when they were bound, as a bare watch hears of it
 * from now on. Keeps two instants of each pod and no objects, so that a thousand pods cost the
 * machine next to nothing.
 */
final class PodTimes implements AutoCloseable {

  private final Set<String> lost;
  private final Stranding stranding;
  private final Map<String, Instant> stranded = new HashMap<>();
  private final Map<String, Instant> bound = new HashMap<>();
  private final Map<String, String> boundTo = new HashMap<>();
  private final Watch watch;
  private @Nullable WatcherException broken;

  /** Told of each pod when it is first said to be unschedulable. */
  @FunctionalInterface
  interface Stranding {
    void of(Pod pod, Instant at);

    /** Nobody is told. */
    static Stranding nobody() {
      return (_, _) -> {};
    }
  }

  private PodTimes(
      KubernetesClient client, String namespace, Set<String> lost, Stranding stranding) {
    this.lost = Set.copyOf(lost);
    this.stranding = stranding;
    String now =
        client
            .pods()
            .inNamespace(namespace)
            .list(new ListOptionsBuilder().withLimit(1L).build())
            .getMetadata()
            .getResourceVersion();
    this.watch =
        client
            .pods()
            .inNamespace(namespace)
            .watch(new ListOptionsBuilder().withResourceVersion(now).build(), new Follower());
  }

  /**
   * Begins to watch.
   *
   * @param lost names of nodes; a pod on one of them counts as neither stranded nor bound
   */
  static PodTimes follow(
      KubernetesClient client, String namespace, Set<String> lost, Stranding stranding) {
    return new PodTimes(client, namespace, lost, stranding);
  }

  private final class Follower implements Watcher<Pod> {
    @Override
    public void eventReceived(Action action, Pod pod) {
      Instant now = Instant.now();
      if (action != Action.DELETED && pod.getMetadata().getDeletionTimestamp() == null) {
        seen(pod, now);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      broke(cause);
    }
  }

  private void seen(Pod pod, Instant now) {
    String name = pod.getMetadata().getName();
    String node = pod.getSpec().getNodeName();
    boolean news;
    synchronized (this) {
      if (node != null && !lost.contains(node) && bound.putIfAbsent(name, now) == null) {
        boundTo.put(name, node);
        notifyAll();
      }
      news = node == null && isUnschedulable(pod) && stranded.putIfAbsent(name, now) == null;
      if (news) {
        notifyAll();
      }
    }
    if (news) {
      stranding.of(pod, now);
    }
  }

  private static boolean isUnschedulable(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(
            condition ->
                "PodScheduled".equals(condition.getType())
                    && "False".equals(condition.getStatus()));
  }

  private synchronized void broke(WatcherException cause) {
    broken = cause;
    notifyAll();
  }

  /** When each pod was first heard to be unschedulable. */
  synchronized Map<String, Instant> stranded() {
    return Map.copyOf(stranded);
  }

  /** When each pod was first heard to be bound. */
  synchronized Map<String, Instant> bound() {
    return Map.copyOf(bound);
  }

  /** The node that a pod was first bound to. */
  synchronized Optional<String> nodeOf(String pod) {
    return Optional.ofNullable(boundTo.get(pod));
  }

  /** Returns whether so many pods are stranded before the time is over. */
  boolean awaitStranded(int pods, Duration patience) throws InterruptedException {
    return await(stranded, pods, patience);
  }

  /** Returns whether so many pods are bound before the time is over. */
  boolean awaitBound(int pods, Duration patience) throws InterruptedException {
    return await(bound, pods, patience);
  }

  private synchronized boolean await(Map<String, Instant> times, int pods, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (times.size() < pods) {
      if (broken != null) {
        throw new BenchFailed("the benchmark's own watch of pods has ended", broken);
      }
      long millis = (deadline - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  @Override
  public void close() {
    watch.close();
  }
}
