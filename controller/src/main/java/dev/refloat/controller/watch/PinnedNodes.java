package dev.refloat.controller.watch;

import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, by name, the nodes that a running grace period is about, so that a node which comes back
 * for a moment is not missed.
 *
 * <p>A watch that ends by itself counts as a change: nobody knows what it did not tell. Only what
 * matters to a verdict is a change, not a heartbeat.
 */
public final class PinnedNodes implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PinnedNodes.class);

  private static final String HOSTNAME = "kubernetes.io/hostname";

  private final KubernetesClient client;
  private final Consumer<String> changed;
  private final Map<String, List<Watch>> watches = new HashMap<>();

  /**
   * @param changed told the pinned name of every node that came, changed, left, or whose watch
   *     ended; called on the client's threads
   */
  public PinnedNodes(KubernetesClient client, Consumer<String> changed) {
    this.client = client;
    this.changed = changed;
  }

  /**
   * Watches exactly these nodes from now on.
   *
   * @param wanted by name or hostname label, each node as the survey saw it; empty where there was
   *     none
   * @throws KubernetesClientException if a watch cannot be opened; those that are open stay
   */
  public synchronized void watch(
      Supplier<Map<String, Optional<dev.refloat.recovery.Node>>> wanted) {
    // Asked under the lock: of two callers the one with the newer wish comes last.
    Map<String, Optional<dev.refloat.recovery.Node>> seen = wanted.get();
    Set<String> superfluous = new HashSet<>(watches.keySet());
    superfluous.removeAll(seen.keySet());
    superfluous.forEach(this::end);
    seen.forEach(
        (name, node) -> {
          if (!watches.containsKey(name)) {
            // By hostname as well: it need not be the node's name (S18).
            Watch byName = open(client.nodes().withField("metadata.name", name), name, node);
            try {
              watches.put(
                  name,
                  List.of(byName, open(client.nodes().withLabel(HOSTNAME, name), name, node)));
            } catch (KubernetesClientException e) {
              byName.close();
              throw e;
            }
          }
        });
  }

  /**
   * Opens a watch that begins where a list ends, so that nothing is missed in between, nor while
   * fabric8 connects anew: it goes on from the last version, which bookmarks keep young. Versions
   * that the server has forgotten end the watch.
   */
  private Watch open(
      FilterWatchListDeletable<Node, NodeList, Resource<Node>> nodes,
      String name,
      Optional<dev.refloat.recovery.Node> seen) {
    NodeList list = nodes.list();
    Optional<dev.refloat.recovery.Node> now = list.getItems().stream().findFirst().map(Facts::node);
    if (now.isPresent() && !now.equals(seen)) {
      changed.accept(name);
    }
    ListOptions from =
        new ListOptionsBuilder()
            .withResourceVersion(list.getMetadata().getResourceVersion())
            .withAllowWatchBookmarks(true)
            .build();
    return nodes.watch(from, new OneNode(name, now));
  }

  @Override
  public synchronized void close() {
    Set.copyOf(watches.keySet()).forEach(this::end);
  }

  private synchronized void end(String name) {
    Optional.ofNullable(watches.remove(name)).ifPresent(open -> open.forEach(Watch::close));
  }

  /** Tells a change that matters from a heartbeat. One stream, so its state needs no lock. */
  private final class OneNode implements Watcher<Node> {

    private final String name;
    private Optional<dev.refloat.recovery.Node> last;

    OneNode(String name, Optional<dev.refloat.recovery.Node> seen) {
      this.name = name;
      this.last = seen;
    }

    @Override
    public void eventReceived(Action action, Node node) {
      if (action == Action.BOOKMARK) {
        return;
      }
      Optional<dev.refloat.recovery.Node> now =
          action == Action.DELETED ? Optional.empty() : Optional.of(Facts.node(node));
      if (!now.equals(last)) {
        last = now;
        changed.accept(name);
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      log.atWarn()
          .addKeyValue("node", name)
          .addKeyValue("why", Failures.words(cause))
          .log("Failed to keep watching a node, its grace periods start anew");
      end(name);
      changed.accept(name);
    }
  }
}
