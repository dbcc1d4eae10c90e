package dev.refloat.controller;

import dev.refloat.process.Failures;
import dev.refloat.process.Program;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the Lease {@code refloat-controller} before anything is done, and ends the process when
 * it is lost: the next start begins anew, from what the cluster shows.
 *
 * <p>A Lease saves work, not data: two leaders at once are kept from harm by the preconditions of
 * every write. The {@link LeaseFence} makes two at once a matter of milliseconds.
 */
final class Leadership implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Leadership.class);
  private static final String LEASE = "refloat-controller";
  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);

  private final LeaderElector elector;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicBoolean leading = new AtomicBoolean();
  private CompletableFuture<?> running = CompletableFuture.completedFuture(null);

  /** Returns what every write is to ask first, once it is given to a leadership. */
  static LeaseFence fence(
      KubernetesClient client, String namespace, String instance, InstantSource time) {
    return new LeaseFence(
        time,
        System::nanoTime,
        instance,
        RENEW_DEADLINE,
        () ->
            Optional.ofNullable(client.leases().inNamespace(namespace).withName(LEASE).get())
                .flatMap(lease -> Optional.ofNullable(lease.getSpec().getHolderIdentity())));
  }

  /**
   * @param fence told of every renewal
   */
  Leadership(
      KubernetesClient client,
      String namespace,
      String instance,
      LeaseFence fence,
      Runnable lead,
      Program.Emergency emergency) {
    elector =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(LEASE)
                    .withLock(new TellingLock(new LeaseLock(namespace, LEASE, instance), fence))
                    .withLeaseDuration(Duration.ofSeconds(15))
                    .withRenewDeadline(RENEW_DEADLINE)
                    .withRetryPeriod(Duration.ofSeconds(2))
                    .withReleaseOnCancel(false)
                    .withLeaderCallbacks(
                        new LeaderCallbacks(
                            () -> {
                              leading.set(true);
                              log.atInfo()
                                  .addKeyValue("lease", LEASE)
                                  .addKeyValue("instance", instance)
                                  .log("Leading");
                              lead.run();
                            },
                            () -> {
                              if (!closing.get()) {
                                emergency.stop(
                                    "the Lease "
                                        + namespace
                                        + "/"
                                        + LEASE
                                        + " was lost, another may lead; to be started again");
                              }
                            },
                            leader ->
                                log.atDebug()
                                    .addKeyValue("leader", leader)
                                    .log("The leader is known")))
                    .build())
            .build();
  }

  void start() {
    log.atInfo().addKeyValue("lease", LEASE).log("Waiting to lead");
    running = elector.start();
  }

  @Override
  public void close() {
    closing.set(true);
    running.cancel(true);
    if (!leading.get()) {
      return;
    }
    // Here and now: a release in the background would meet a closed client, and the next leader
    // would wait.
    try {
      elector.release();
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("lease", LEASE)
          .addKeyValue("why", Failures.words(e))
          .log("Failed to give the Lease back, the next leader waits until it expires");
    }
  }
}
