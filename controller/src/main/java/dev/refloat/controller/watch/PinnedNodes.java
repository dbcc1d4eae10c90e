package dev.refloat.controller.watch;

import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Node;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NodeList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, by name, the nodes that a running grace period is about, so that a node which comes back
 * for a moment is not missed.
 *
 * <p>A watch that ends by itself counts as a change: nobody knows what it did not tell. A watch
 * that is silently blocked does not end, so every few seconds the same nodes are read as well; a
 * gap of more than {@link Confirmations#LONGEST_GAP} between two reads counts as a change, too.
 * Only what matters to a verdict is a change, not a heartbeat.
 */
public final class PinnedNodes implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PinnedNodes.class);

  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** Leaves two seconds for a slow answer. */
  private static final Duration BETWEEN_CONFIRMATIONS = Duration.ofSeconds(3);

  /** The longest of a label selector's lists; its address has to fit a request line. */
  private static final int MOST_NAMES = 100;

  /**
   * A watch is a connection, and there are two for each node; of an outage that takes more nodes
   * the others are read every three seconds, which is what convicts in any case.
   */
  private static final int MOST_WATCHED = 32;

  private static final int READS_AT_ONCE = 8;
  private static final int FIRST_REFUSAL = 400;

  private final KubernetesClient client;
  private final InstantSource time;
  private final Consumer<String> changed;
  private final Map<String, Pinned> watched = new HashMap<>();
  private final Confirmations confirmations = new Confirmations();

  /** What was wrong with the last read of a node; none of one that was read. */
  private final Map<String, String> whyNotRead = new ConcurrentHashMap<>();

  private final Thread confirming =
      Thread.ofVirtual().name("pinned-nodes").unstarted(this::keepConfirming);
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          READS_AT_ONCE, Thread.ofVirtual().name("pinned-node-", 1).factory());

  /**
   * @param changed told the pinned name of every node that came, changed, left, or whose watch
   *     ended, or that could not be vouched for; called by several threads
   */
  public PinnedNodes(KubernetesClient client, InstantSource time, Consumer<String> changed) {
    this.client = client;
    this.time = time;
    this.changed = changed;
  }

  /** Both ways to be the pinned node: the hostname need not be the node's name (S18). */
  private record Pinned(Following byName, Following byHostname) {

    void close() {
      byName.close();
      byHostname.close();
    }
  }

  public void start() {
    confirming.start();
  }

  /**
   * Watches exactly these nodes from now on.
   *
   * @param wanted by name or hostname label, each node as the survey saw it; empty where there was
   *     none
   * @return the names that cannot be watched now; the others are
   */
  public synchronized Set<String> watch(Supplier<Map<String, Optional<Node>>> wanted) {
    // Asked under the lock: of two callers the one with the newer wish comes last.
    Map<String, Optional<Node>> seen = wanted.get();
    Set<String> superfluous = new HashSet<>(watched.keySet());
    superfluous.removeAll(seen.keySet());
    superfluous.forEach(this::end);
    Set<String> failed = new HashSet<>(seen.keySet());
    failed.removeAll(watched.keySet());
    for (String name : Set.copyOf(failed)) {
      try {
        watched.put(name, open(name, seen.getOrDefault(name, Optional.empty())));
        confirmations.begin(name, time.instant());
        whyNotRead.remove(name); // of an earlier watch
        failed.remove(name);
      } catch (KubernetesClientException e) {
        log.atWarn()
            .addKeyValue("node", name)
            .addKeyValue("why", Failures.words(e))
            .log("Failed to watch a lost node, its grace periods start anew");
        if (e.getCode() < FIRST_REFUSAL) {
          // No answer at all: the others would only be waited for, one after the other.
          break;
        }
      }
    }
    return failed;
  }

  /** Tells of nodes that nobody has looked at in time. To be called before anything is decided. */
  public void tellOverdue() {
    for (String name : confirmations.overdue(time.instant())) {
      log.atWarn()
          .addKeyValue("node", name)
          .addKeyValue("why", whyNotRead.getOrDefault(name, "no answer yet"))
          .log("Failed to look at a node in time, its grace periods start anew");
      changed.accept(name);
    }
  }

  private Pinned open(String name, Optional<Node> seen) {
    Following byName = new Following(name, seen, client.nodes().withField("metadata.name", name));
    Following byHostname = new Following(name, seen, client.nodes().withLabel(HOSTNAME, name));
    try {
      boolean watching = watched.size() < MOST_WATCHED;
      byName.begin(watching);
      byHostname.begin(watching);
      return new Pinned(byName, byHostname);
    } catch (KubernetesClientException e) {
      byName.close();
      byHostname.close();
      throw e;
    }
  }

  @Override
  public void close() {
    confirming.interrupt();
    Set.copyOf(watchedNow().keySet()).forEach(this::end);
  }

  private synchronized void end(String name) {
    Optional.ofNullable(watched.remove(name)).ifPresent(Pinned::close);
    confirmations.forget(name);
    whyNotRead.remove(name);
  }

  private synchronized Map<String, Pinned> watchedNow() {
    return Map.copyOf(watched);
  }

  private void keepConfirming() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(BETWEEN_CONFIRMATIONS);
        confirm(watchedNow());
        tellOverdue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      readers.shutdownNow();
    }
  }

  /** Reads every watched node, live: one request for each, and one for all hostnames together. */
  private void confirm(Map<String, Pinned> nodes) throws InterruptedException {
    Instant begun = time.instant();
    whyNotRead.keySet().retainAll(nodes.keySet());
    List<String> names = nodes.keySet().stream().sorted().toList();
    List<Read> reads = new ArrayList<>();
    for (int from = 0; from < names.size(); from += MOST_NAMES) {
      List<String> some = names.subList(from, Math.min(from + MOST_NAMES, names.size()));
      reads.add(new Read(some, readers.submit(() -> readByHostname(some, nodes))));
    }
    nodes.forEach(
        (name, pinned) ->
            reads.add(new Read(List.of(name), readers.submit(() -> readByName(name, pinned)))));
    Set<String> confirmed = new HashSet<>(names);
    for (Read read : reads) {
      Optional<String> failure = failure(read.answer());
      for (String name : read.names()) {
        failure.ifPresent(
            words -> {
              whyNotRead.put(name, words);
              confirmed.remove(name);
            });
      }
    }
    confirmed.forEach(
        name -> {
          whyNotRead.remove(name);
          confirmations.confirmed(name, begun);
        });
  }

  private record Read(List<String> names, Future<?> answer) {}

  private void readByName(String name, Pinned pinned) {
    pinned.byName().seen(Optional.ofNullable(client.nodes().withName(name).get()).map(Facts::node));
  }

  private void readByHostname(List<String> names, Map<String, Pinned> nodes) {
    Map<String, Node> found =
        client
            .nodes()
            .withLabelIn(HOSTNAME, names.toArray(String[]::new))
            .list()
            .getItems()
            .stream()
            .map(Facts::node)
            .collect(Collectors.toMap(Node::hostname, Function.identity(), (first, _) -> first));
    for (String name : names) {
      Optional.ofNullable(nodes.get(name))
          .ifPresent(pinned -> pinned.byHostname().seen(Optional.ofNullable(found.get(name))));
    }
  }

  /** Returns what is wrong with a read, once it has ended; empty if nothing is. */
  private static Optional<String> failure(Future<?> read) throws InterruptedException {
    try {
      read.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(Failures.words(e));
    }
  }

  /** One selection of nodes, as last told or read. Safe for use by several threads. */
  private final class Following implements Watcher<io.fabric8.kubernetes.api.model.Node> {

    private final String name;
    private final FilterWatchListDeletable<
            io.fabric8.kubernetes.api.model.Node,
            NodeList,
            Resource<io.fabric8.kubernetes.api.model.Node>>
        nodes;
    private Optional<Node> last;
    private Optional<Watch> watch = Optional.empty();

    Following(
        String name,
        Optional<Node> seen,
        FilterWatchListDeletable<
                io.fabric8.kubernetes.api.model.Node,
                NodeList,
                Resource<io.fabric8.kubernetes.api.model.Node>>
            nodes) {
      this.name = name;
      this.last = seen;
      this.nodes = nodes;
    }

    /**
     * Looks, and opens a watch that begins where that list ends, so that nothing is missed in
     * between, nor while fabric8 connects anew: it goes on from the last version, which bookmarks
     * keep young. Versions that the server has forgotten end the watch.
     *
     * @param watching whether a watch is to be opened at all
     */
    void begin(boolean watching) {
      NodeList list = nodes.list();
      Optional<Node> now = list.getItems().stream().findFirst().map(Facts::node);
      if (now.isPresent()) {
        seen(now);
      } else {
        last = now;
      }
      if (!watching) {
        return;
      }
      watch =
          Optional.of(
              Opening.within(
                  Opening.PATIENCE,
                  () ->
                      nodes.watch(
                          new ListOptionsBuilder()
                              .withResourceVersion(list.getMetadata().getResourceVersion())
                              .withAllowWatchBookmarks(true)
                              .build(),
                          this)));
    }

    void close() {
      watch.ifPresent(Watch::close);
    }

    void seen(Optional<Node> now) {
      synchronized (this) {
        if (now.equals(last)) {
          return;
        }
        last = now;
      }
      changed.accept(name);
    }

    @Override
    public void eventReceived(Action action, io.fabric8.kubernetes.api.model.Node node) {
      switch (action) {
        case ADDED, MODIFIED -> seen(Optional.of(Facts.node(node)));
        case DELETED -> seen(Optional.empty());
        case BOOKMARK, ERROR -> {}
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
