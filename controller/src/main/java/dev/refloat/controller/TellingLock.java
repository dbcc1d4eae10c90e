package dev.refloat.controller;

import dev.refloat.process.Failures;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in one line, and only when it is news, why the Lease cannot be had, where the elector would
 * tell it with a stack trace every two seconds; and tells the fence of every renewal.
 */
final class TellingLock implements Lock {

  private static final Logger log = LoggerFactory.getLogger(TellingLock.class);
  private static final int CONFLICT = 409;

  private final Lock lock;
  private final LeaseFence fence;
  private String told = "";

  TellingLock(Lock lock, LeaseFence fence) {
    this.lock = lock;
    this.fence = fence;
  }

  @Override
  public LeaderElectionRecord get(KubernetesClient client) {
    return telling(() -> lock.get(client));
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord leaderElectionRecord) {
    renewing(leaderElectionRecord, () -> lock.create(client, leaderElectionRecord));
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord leaderElectionRecord) {
    renewing(leaderElectionRecord, () -> lock.update(client, leaderElectionRecord));
  }

  @Override
  public String identity() {
    return lock.identity();
  }

  @Override
  public String describe() {
    return lock.describe();
  }

  /** Giving the Lease back is an update, too, but to nobody. */
  private void renewing(LeaderElectionRecord written, Runnable write) {
    Tenure.Moment asked = fence.now();
    var _ =
        telling(
            () -> {
              write.run();
              return true;
            });
    if (lock.identity().equals(written.getHolderIdentity())) {
      fence.renewed(asked);
    }
  }

  private synchronized <T> T telling(Supplier<T> call) {
    try {
      T answer = call.get();
      told = "";
      return answer;
    } catch (KubernetesClientException e) {
      String words = Failures.words(e);
      // A conflict is another candidate who was faster.
      if (e.getCode() != CONFLICT && !words.equals(told)) {
        told = words;
        log.atWarn()
            .addKeyValue("lease", lock.describe())
            .addKeyValue("why", words)
            .log("Failed to ask for the Lease, trying again");
      }
      throw e;
    }
  }
}
