package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;
import dev.refloat.settings.WatchedNamespaces;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labelled pods that are Pending without a node, and nothing else.
 *
 * <p>Label and field selectors are evaluated by the API server: a healthy cluster streams nothing,
 * whatever its size. A pod that gets a node leaves the selection, which the API server tells as a
 * deletion.
 */
public final class StrandedPods implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StrandedPods.class);

  private final List<PodWatch> watches;

  /**
   * @param listener called by several threads
   */
  public StrandedPods(
      KubernetesClient client,
      WatchedNamespaces namespaces,
      InstantSource time,
      Listener listener,
      WatchCounts counts) {
    this.watches =
        namespaces.selected().stream()
            .map(
                namespace -> new PodWatch(new Selection(client, namespace), time, listener, counts))
            .toList();
  }

  /** Hears of the sets that have such pods. */
  public interface Listener {

    /** One of its pods was refused by the scheduler, changed after that, or left. */
    void changed(SetKey key);

    /** It has a pod that the scheduler has not tried yet: as a rule, its node comes in a moment. */
    void untried(SetKey key);
  }

  /** Starts to watch, and goes on trying for ever; returns at once. */
  public void start() {
    watches.forEach(PodWatch::start);
    log.info("Watching for Pending pods without a node");
  }

  /** What keeps a watch from being trusted, one sentence each; empty if all are known to live. */
  public List<String> troubles() {
    return watches.stream()
        .flatMap(watch -> watch.trouble().stream())
        .distinct()
        .map(words -> "the watch of pods cannot be trusted: " + words)
        .toList();
  }

  /** When a list last agreed with each watch; before the first such time, when it was made. */
  public Instant confirmedAt() {
    return watches.stream().map(PodWatch::confirmedAt).min(Instant::compareTo).orElseThrow();
  }

  /** The pods of a set that wait for a node, by name, each in the version that was seen last. */
  public Map<String, ObjectId> waiting(SetKey key) {
    // A set has one namespace, so that one watch at most knows it.
    return watches.stream()
        .flatMap(watch -> watch.suspects().of(key).stream())
        .collect(Collectors.toMap(Suspect::name, Suspect::id, (one, _) -> one, TreeMap::new));
  }

  /** How many pods are stranded or look it. */
  public int count() {
    return watches.stream().mapToInt(watch -> watch.suspects().count()).sum();
  }

  /** When the pod that waits longest was made; empty if none waits. */
  public Optional<Instant> oldest() {
    return watches.stream()
        .flatMap(watch -> watch.suspects().oldest().stream())
        .min(Comparator.naturalOrder());
  }

  @Override
  public void close() {
    watches.forEach(PodWatch::close);
  }
}
