package dev.refloat.lab.bench;

import dev.refloat.recovery.ObjectId;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A bare client that already knows what to do: when a pod is stranded it waits the grace out and
 * issues the writes of a recovery, with the preconditions of a recovery.
 *
 * <p>It deletes the pod as soon as it hears that the claim is gone, and reads it just before,
 * because the scheduler writes into a pod whose claim goes. Earlier is slower: while the claim is
 * still there the StatefulSet controller cannot make its set whole, and each of its failures waits
 * for a limiter that all sets share (10 a second, see docs/benchmarks.md).
 */
final class Floor implements AutoCloseable {

  /**
   * How many recoveries have requests under way, of Refloat as well: below what an API server lets
   * one HTTP/2 connection have.
   */
  static final int AT_ONCE = 50;

  private static final int POD_CONFLICTS = 20;

  private static final Duration CLAIM_GOES = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final BareWrites writes;
  private final FreshClaims claims;
  private final Map<String, Known> known;
  private final Duration grace;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  /**
   * @param known by the pod's name
   */
  Floor(KubernetesClient client, FreshClaims claims, Map<String, Known> known, Duration grace) {
    this.client = client;
    this.writes = new BareWrites(client);
    this.claims = claims;
    this.known = Map.copyOf(known);
    this.grace = grace;
  }

  /** The pod is stranded since then; returns at once. */
  void stranded(Pod pod, Instant since) {
    workers.execute(() -> recover(pod, since));
  }

  private void recover(Pod pod, Instant since) {
    try {
      Duration left = Duration.between(Instant.now(), since.plus(grace));
      TimeUnit.NANOSECONDS.sleep(Math.max(0, left.toNanos()));
      places.acquire();
      try {
        write(Known.id(pod));
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void write(ObjectId pod) throws InterruptedException {
    Known storage = known.get(pod.name());
    if (storage == null) {
      throw new BenchFailed("nothing is known of pod " + pod);
    }
    writes.keep(storage);
    var _ = writes.delete("persistentvolumeclaims", storage.claim());
    claims.awaitGone(storage.claim(), CLAIM_GOES);
    for (int look = 0; look < POD_CONFLICTS; look++) {
      Pod now = client.pods().inNamespace(pod.namespace()).withName(pod.name()).get();
      if (now == null
          || !now.getMetadata().getUid().equals(pod.uid())
          || now.getSpec().getNodeName() != null
          || now.getMetadata().getDeletionTimestamp() != null
          || writes.delete("pods", Known.id(now))) {
        return;
      }
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    workers.shutdownNow();
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw new BenchFailed("the floor could not write: " + failed.getMessage(), failed);
    }
  }
}
