package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.kube.Facts;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.Listed;
import dev.refloat.process.Failures;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch of pods that is listed, opened, doubted, and opened anew for as long as the process
 * lives. Whatever ends it, the list after it wakes every set for which something is different.
 *
 * <p>Not fabric8's informer: it keeps whole pods, and it keeps the bookmarks to itself, without
 * which a blocked stream and a quiet cluster look the same.
 */
final class PodWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PodWatch.class);

  /** Some earlier, some later, so that many controllers do not look at the same moment. */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(60);

  private static final Duration JITTER = Duration.ofSeconds(10);
  private static final Duration SECOND_LOOK = Watchdog.MAY_LAG.plusSeconds(1);
  private static final Duration OPEN_AGAIN = Duration.ofSeconds(1);
  private static final Duration OPEN_AGAIN_AT_MOST = Duration.ofSeconds(30);
  private static final int MOST_NAMED = 5;

  private final Selection selection;
  private final InstantSource time;
  private final StrandedPods.Listener listener;
  private final WatchCounts counts;
  private final Suspects suspects = new Suspects();
  private final Thread thread;

  /** What is wrong with this watch now; the empty text is nothing. */
  private volatile String trouble = "it is not established";

  /** When a list last agreed with it. That it could be opened says nothing yet. */
  private volatile Instant confirmedAt;

  PodWatch(
      Selection selection, InstantSource time, StrandedPods.Listener listener, WatchCounts counts) {
    this.selection = selection;
    this.time = time;
    this.listener = listener;
    this.counts = counts;
    this.confirmedAt = time.instant();
    this.thread = Thread.ofVirtual().name("pod-watch-" + selection).unstarted(this::keepWatching);
  }

  void start() {
    thread.start();
  }

  Suspects suspects() {
    return suspects;
  }

  /** What is wrong, for a person; empty if the watch is known to live. */
  Optional<String> trouble() {
    return Optional.of(trouble).filter(words -> !words.isEmpty());
  }

  /** When a list last agreed with it; before the first such time, when it was made. */
  Instant confirmedAt() {
    return confirmedAt;
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void keepWatching() {
    Duration pause = OPEN_AGAIN;
    Freshness freshness = Freshness.REMEMBERED;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long begun = System.nanoTime();
        try {
          WatchEnd end = watchOnce(freshness);
          trouble = "it is opened anew";
          counts.ended(end);
          tell(end);
          // What the API server remembers may be as old as what has just been given up.
          freshness = Freshness.LATEST;
        } catch (RuntimeException e) {
          // Whatever it is, a thread that ends here would be a watch that dies silently.
          trouble(e);
        }
        if (System.nanoTime() - begun > OPEN_AGAIN_AT_MOST.toNanos()) {
          pause = OPEN_AGAIN;
        } else {
          Thread.sleep(pause);
          pause = longer(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private WatchEnd watchOnce(Freshness freshness) throws InterruptedException {
    Listed<Suspect> listed = selection.list(freshness);
    suspects.replace(listed.items()).forEach(listener::changed);
    Watchdog watchdog = new Watchdog(time.instant());
    CompletableFuture<WatchEnd> ended = new CompletableFuture<>();
    Stream stream = new Stream(watchdog, ended);
    try (Watch _ =
        Opening.within(Opening.PATIENCE, () -> selection.watch(listed.resourceVersion(), stream))) {
      trouble = "";
      return untilDead(watchdog, ended);
    } finally {
      // Silences a stream that wakes up after it was given up.
      ended.complete(new WatchEnd.Closed("given up"));
    }
  }

  private WatchEnd untilDead(Watchdog watchdog, CompletableFuture<WatchEnd> ended)
      throws InterruptedException {
    Duration wait = nextLook();
    Freshness freshness = Freshness.REMEMBERED;
    while (true) {
      try {
        return ended.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a watch ends with a value", e);
      } catch (TimeoutException e) {
        // Time to look.
      }
      try {
        switch (look(watchdog, freshness)) {
          case Watchdog.Look.Well() -> {
            trouble = "";
            confirmedAt = time.instant();
            wait = nextLook();
            freshness = Freshness.REMEMBERED;
          }
          case Watchdog.Look.Doubtful(var uids) -> {
            log.atDebug()
                .addKeyValue("pods", uids.size())
                .log("A list differs from the watch of pods, looking again");
            wait = SECOND_LOOK;
            freshness = Freshness.LATEST;
          }
          case Watchdog.Look.Dead(WatchEnd why) -> {
            return why;
          }
        }
      } catch (KubernetesClientException e) {
        trouble(e);
        wait = SECOND_LOOK;
      }
    }
  }

  private Watchdog.Look look(Watchdog watchdog, Freshness freshness) {
    Map<String, Suspect> listed =
        selection.list(freshness).items().stream()
            .collect(Collectors.toMap(each -> each.id().uid(), Function.identity(), (a, _) -> a));
    return watchdog.look(listed, suspects.all(), time.instant());
  }

  private static Duration nextLook() {
    return BETWEEN_LOOKS.plusMillis(
        ThreadLocalRandom.current().nextLong(-JITTER.toMillis(), JITTER.toMillis()));
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(OPEN_AGAIN_AT_MOST) > 0 ? OPEN_AGAIN_AT_MOST : twice;
  }

  /** Says the same trouble once. */
  private void trouble(RuntimeException e) {
    String words = Failures.words(e);
    if (!words.equals(trouble)) {
      trouble = words;
      log.atWarn()
          .addKeyValue("namespaces", selection)
          .addKeyValue("why", words)
          .log("Failed to watch pods, trying again");
    }
  }

  private void tell(WatchEnd end) {
    switch (end) {
      case WatchEnd.Expired() ->
          log.atInfo()
              .addKeyValue("namespaces", selection)
              .log("The watch of pods has expired, listing anew");
      case WatchEnd.Closed(String why) ->
          log.atWarn()
              .addKeyValue("namespaces", selection)
              .addKeyValue("why", why)
              .log("The watch of pods has ended, listing anew");
      case WatchEnd.Behind(var pods) ->
          log.atWarn()
              .addKeyValue("namespaces", selection)
              .addKeyValue("pods", pods.size())
              .addKeyValue("missed", String.join(", ", pods.stream().limit(MOST_NAMED).toList()))
              .log("The watch of pods is dead: it did not tell what a list shows, listing anew");
      case WatchEnd.Silent(Duration since) ->
          log.atWarn()
              .addKeyValue("namespaces", selection)
              .addKeyValue("seconds", since.toSeconds())
              .log("The watch of pods is dead: not even a bookmark came, listing anew");
    }
  }

  /** What the API server tells, until the watch has ended. */
  private final class Stream implements Watcher<Pod> {

    private final Watchdog watchdog;
    private final CompletableFuture<WatchEnd> ended;

    Stream(Watchdog watchdog, CompletableFuture<WatchEnd> ended) {
      this.watchdog = watchdog;
      this.ended = ended;
    }

    @Override
    public void eventReceived(Action action, Pod pod) {
      if (ended.isDone()) {
        return;
      }
      watchdog.heard(time.instant());
      switch (action) {
        case ADDED, MODIFIED -> {
          dev.refloat.recovery.Pod facts = Facts.pod(pod);
          Optional<SetKey> set = SetKey.of(facts);
          set.ifPresentOrElse(
              key -> suspects.put(new Suspect(facts.id(), key, facts.createdAt())),
              () -> suspects.remove(facts.id().uid()));
          set.ifPresent(Facts.refused(pod) ? listener::changed : listener::untried);
        }
        case DELETED -> {
          suspects.remove(Facts.id(pod).uid());
          SetKey.of(Facts.pod(pod)).ifPresent(listener::changed);
        }
        case BOOKMARK, ERROR -> {}
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      ended.complete(
          cause.isHttpGone() ? new WatchEnd.Expired() : new WatchEnd.Closed(Failures.words(cause)));
    }

    @Override
    public void onClose() {
      ended.complete(new WatchEnd.Closed("the client was closed"));
    }
  }
}
