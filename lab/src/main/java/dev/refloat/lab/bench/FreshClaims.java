package dev.refloat.lab.bench;

import dev.refloat.recovery.ObjectId;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Hears when the claims of a namespace go, and when they are made anew. */
final class FreshClaims implements AutoCloseable {

  /** The claim of each name that is there, by UID; empty where it is gone. */
  private final Map<String, String> uids = new HashMap<>();

  private final Watch watch;

  private FreshClaims(KubernetesClient client, String namespace) {
    String now =
        client
            .persistentVolumeClaims()
            .inNamespace(namespace)
            .list(new ListOptionsBuilder().withLimit(1L).build())
            .getMetadata()
            .getResourceVersion();
    this.watch =
        client
            .persistentVolumeClaims()
            .inNamespace(namespace)
            .watch(new ListOptionsBuilder().withResourceVersion(now).build(), new Follower());
  }

  static FreshClaims in(KubernetesClient client, String namespace) {
    return new FreshClaims(client, namespace);
  }

  private final class Follower implements Watcher<PersistentVolumeClaim> {
    @Override
    public void eventReceived(Action action, PersistentVolumeClaim claim) {
      switch (action) {
        case ADDED -> now(claim.getMetadata().getName(), claim.getMetadata().getUid());
        case DELETED -> now(claim.getMetadata().getName(), "");
        case MODIFIED, BOOKMARK, ERROR -> {}
      }
    }

    @Override
    public void onClose(WatcherException cause) {
      // Whoever waits goes on when its time is over.
    }
  }

  private synchronized void now(String name, String uid) {
    uids.put(name, uid);
    notifyAll();
  }

  /** Returns when that claim is gone, or when the time is over. */
  synchronized void awaitGone(ObjectId claim, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (uids.getOrDefault(claim.name(), claim.uid()).equals(claim.uid())) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (millis <= 0) {
        return;
      }
      wait(millis);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
