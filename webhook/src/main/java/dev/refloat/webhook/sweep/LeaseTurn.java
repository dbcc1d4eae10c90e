package dev.refloat.webhook.sweep;

import dev.refloat.process.Failures;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turn as a Lease, which is asked for with each look: one read and one conditional write. An
 * elector, which renews every two seconds, is not needed where two at once do no harm: a label is
 * written twice at most.
 *
 * <p>As in client-go a Lease has ended when it was seen unchanged for as long as it lasts, by our
 * own clock; the times in it are another machine's and are never compared with ours.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/client-go/tools/leaderelection/leaderelection.go">leaderelection.go</a>
 */
public final class LeaseTurn implements Turn {

  static final String NAME = "refloat-sweep";

  /** Two looks, so that one may fail. */
  static final Duration LASTS = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(LeaseTurn.class);

  private final KubernetesClient client;
  private final String namespace;
  private final String identity;
  private final InstantSource wall;
  private final LongSupplier ticks;

  // Used by one thread, and by whoever closes.

  private String seenVersion = "";
  private long seenSince;
  private boolean ours = false;

  /**
   * @param identity of this process, unlike all others
   * @param ticks nanoseconds that never go back
   */
  public LeaseTurn(
      KubernetesClient client,
      String namespace,
      String identity,
      InstantSource wall,
      LongSupplier ticks) {
    this.client = client;
    this.namespace = namespace;
    this.identity = identity;
    this.wall = wall;
    this.ticks = ticks;
  }

  @Override
  public synchronized Answer take() {
    @Nullable Lease lease = resource().get();
    try {
      if (lease == null) {
        create();
        return mine();
      }
      String holder = holder(lease);
      if (!holder.isEmpty() && !holder.equals(identity) && !hasEnded(lease)) {
        ours = false;
        return new Answer.Theirs(holder);
      }
      update(lease, identity);
      return mine();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      ours = false;
      return new Answer.Theirs("");
    }
  }

  @Override
  public synchronized void close() {
    if (!ours) {
      return;
    }
    ours = false;
    try {
      @Nullable Lease lease = resource().get();
      if (lease != null && holder(lease).equals(identity)) {
        update(lease, "");
      }
    } catch (KubernetesClientException e) {
      log.atDebug()
          .addKeyValue("lease", NAME)
          .addKeyValue("why", Failures.words(e))
          .log("Failed to give the Lease back, the next one waits until it ends");
    }
  }

  private Answer mine() {
    ours = true;
    return new Answer.Ours();
  }

  private boolean hasEnded(Lease lease) {
    String version = lease.getMetadata().getResourceVersion();
    if (!version.equals(seenVersion)) {
      seenVersion = version;
      seenSince = ticks.getAsLong();
    }
    Duration lasts =
        Optional.ofNullable(lease.getSpec())
            .flatMap(spec -> Optional.ofNullable(spec.getLeaseDurationSeconds()))
            .map(Duration::ofSeconds)
            .orElse(LASTS);
    return ticks.getAsLong() - seenSince >= lasts.toNanos();
  }

  private void create() {
    client
        .leases()
        .inNamespace(namespace)
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(NAME)
                .endMetadata()
                .withSpec(spec(new LeaseSpec(), identity))
                .build())
        .create();
  }

  /** The object carries the version that was read, which makes the PUT conditional. */
  private void update(Lease lease, String holder) {
    LeaseSpec spec = lease.getSpec() == null ? new LeaseSpec() : lease.getSpec();
    client
        .leases()
        .inNamespace(namespace)
        .resource(new LeaseBuilder(lease).withSpec(spec(spec, holder)).build())
        .update();
  }

  private LeaseSpec spec(LeaseSpec before, String holder) {
    ZonedDateTime now = wall.instant().atZone(ZoneOffset.UTC);
    boolean same = holder.equals(before.getHolderIdentity());
    int transitions = Optional.ofNullable(before.getLeaseTransitions()).orElse(0);
    return new LeaseSpecBuilder(before)
        .withHolderIdentity(holder)
        .withLeaseDurationSeconds(Math.toIntExact(LASTS.toSeconds()))
        .withAcquireTime(same ? before.getAcquireTime() : now)
        .withRenewTime(now)
        .withLeaseTransitions(same || holder.isEmpty() ? transitions : transitions + 1)
        .build();
  }

  private static String holder(Lease lease) {
    return Optional.ofNullable(lease.getSpec())
        .flatMap(spec -> Optional.ofNullable(spec.getHolderIdentity()))
        .orElse("");
  }

  private Resource<Lease> resource() {
    return client.leases().inNamespace(namespace).withName(NAME);
  }
}
