package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.report.Reporter;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after what recoveries left behind and no stranded pod tells of: a claim that is being
 * deleted although its pod has its node back (S42), and a volume that was set to Retain although
 * its claim stays (S58). Time is an argument.
 *
 * <p>What this process did it knows. What another one did, before it was killed, is read from the
 * volumes that say whose they were: once at the start, once an hour, and soon after a recovery of
 * which it is not known how it ended. A claim given up with {@code data: discard} by a process that
 * was killed at once leaves no trace, and is not found.
 */
public final class Aftermath {

  private static final Logger log = LoggerFactory.getLogger(Aftermath.class);

  private static final Duration BETWEEN_SEARCHES = Duration.ofHours(1);
  private static final Duration AFTER_A_DOUBT = Duration.ofSeconds(30);
  private static final Duration SAID_AGAIN_AFTER = Duration.ofHours(1);

  private final KubernetesClient client;
  private final KeptVolumes keptVolumes;
  private final Writes writes;
  private final Reporter reporter;
  private final Predicate<SetKey> watched;
  private final boolean dryRun;

  /** By the claim's UID. */
  private final Map<String, GivenUp> givenUp = new HashMap<>();

  /** When each doomed claim was last told of, by UID. */
  private final Map<String, Instant> said = new HashMap<>();

  private Instant searchAt = Instant.MIN;

  /**
   * @param watched whether a set is in a namespace that is watched
   */
  public Aftermath(
      KubernetesClient client,
      KeptVolumes keptVolumes,
      Fence fence,
      Reporter reporter,
      Predicate<SetKey> watched,
      boolean dryRun) {
    this.client = client;
    this.keptVolumes = keptVolumes;
    this.writes = new Writes(client, fence);
    this.reporter = reporter;
    this.watched = watched;
    this.dryRun = dryRun;
  }

  /** Looks after this claim until it is gone. */
  public synchronized void lookAfter(GivenUp claim) {
    givenUp.putIfAbsent(claim.claim().uid(), claim);
  }

  /** It is not known how a recovery ended: searches soon. */
  public synchronized void doubt(Instant now) {
    Instant soon = now.plus(AFTER_A_DOUBT);
    searchAt = soon.isBefore(searchAt) ? soon : searchAt;
  }

  /** How many claims are being deleted under a running pod now. */
  public synchronized int doomed() {
    return said.size();
  }

  /** Looks, if there is anything to look after. To be called every now and then. */
  public void look(Instant now) {
    try {
      if (isSearchDue(now)) {
        for (KeptVolumes.Kept kept : keptVolumes.bound()) {
          if (watched.test(kept.key())) {
            lookAt(kept.givenUp(), Optional.of(kept), now);
          }
        }
      }
      for (GivenUp claim : known()) {
        lookAt(claim, Optional.empty(), now);
      }
    } catch (KubernetesClientException e) {
      doubt(now);
      log.atWarn()
          .addKeyValue("why", Failures.words(e))
          .log("Failed to look after what recoveries left, looking again");
    }
  }

  private synchronized boolean isSearchDue(Instant now) {
    if (now.isBefore(searchAt)) {
      return false;
    }
    searchAt = now.plus(BETWEEN_SEARCHES);
    return true;
  }

  private synchronized List<GivenUp> known() {
    return new ArrayList<>(givenUp.values());
  }

  private void lookAt(GivenUp claim, Optional<KeptVolumes.Kept> kept, Instant now) {
    switch (fate(claim)) {
      case Fate.Gone() -> forget(claim);
      case Fate.Going() -> lookAfter(claim);
      case Fate.Doomed(Pod pod, String node) -> {
        lookAfter(claim);
        tell(claim, pod, node, now);
      }
      case Fate.Stranded() -> forget(claim);
      case Fate.Stays(ObjectId stays, String node) -> {
        forget(claim);
        if (kept.isPresent()) {
          setBack(kept.get(), stays, node, now);
        } else if (claim.kept()) {
          doubt(now);
        }
      }
    }
  }

  private Fate fate(GivenUp given) {
    ObjectId id = given.claim();
    Optional<Claim> claim =
        Optional.ofNullable(
                client
                    .persistentVolumeClaims()
                    .inNamespace(id.namespace())
                    .withName(id.name())
                    .get())
            .map(Facts::claim)
            .filter(now -> now.id().uid().equals(id.uid()));
    if (claim.isEmpty()) {
      return new Fate.Gone();
    }
    Optional<Pod> pod =
        Optional.ofNullable(client.pods().inNamespace(id.namespace()).withName(given.pod()).get())
            .map(Facts::pod)
            .filter(
                found -> found.volumes().stream().anyMatch(ref -> ref.claim().equals(id.name())));
    Optional<String> node = pod.flatMap(Pod::node);
    if (claim.get().terminating()) {
      return node.isPresent() ? new Fate.Doomed(pod.get(), node.get()) : new Fate.Going();
    }
    return node.isPresent() ? new Fate.Stays(claim.get().id(), node.get()) : new Fate.Stranded();
  }

  private synchronized void forget(GivenUp claim) {
    givenUp.remove(claim.claim().uid());
    said.remove(claim.claim().uid());
  }

  /** Once, and then once an hour for as long as it lasts. */
  private synchronized void tell(GivenUp claim, Pod pod, String node, Instant now) {
    Optional<Instant> before = Optional.ofNullable(said.get(claim.claim().uid()));
    if (before.filter(then -> now.isBefore(then.plus(SAID_AGAIN_AFTER))).isEmpty()) {
      said.put(claim.claim().uid(), now);
      reporter.doomed(claim, pod, node, before.isEmpty());
    }
  }

  /** The claim's version is used up first, as {@link Keeping#restore} says. */
  private void setBack(KeptVolumes.Kept kept, ObjectId claim, String node, Instant now) {
    if (dryRun || !(writes.stays(claim, now) instanceof Writes.Written.Done)) {
      return;
    }
    reporter.letStay(kept, claim, node);
    switch (writes.restore(kept.volume(), kept.policyWas())) {
      case Writes.Written.Done<PersistentVolume> _ -> reporter.setBack(kept, node);
      case Writes.Written.AlreadyGone<?> _,
          Writes.Written.Conflict<?> _,
          Writes.Written.Fenced<?> _ ->
          log.atInfo()
              .addKeyValue("namespace", kept.key().namespace())
              .addKeyValue("pvc", claim.name())
              .addKeyValue("pv", kept.volume().name())
              .log("Left a volume Retain, it has changed meanwhile; looking again in an hour");
    }
  }
}
