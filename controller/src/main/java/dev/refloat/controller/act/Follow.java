package dev.refloat.controller.act;

import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Attempts;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.LostClaim;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a pod whose claims were given up until it is bound and its new volumes are usable on its
 * live node.
 */
public final class Follow {

  private static final Logger log = LoggerFactory.getLogger(Follow.class);
  private static final Duration BOUND_BY = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final KubernetesClient client;
  private final InstantSource time;
  private final Hands hands;

  public Follow(KubernetesClient client, InstantSource time, Hands hands) {
    this.client = client;
    this.time = time;
    this.hands = hands;
  }

  /**
   * Waits, for two minutes at most.
   *
   * @param begun when the first write went out
   * @throws InterruptedException if the process ends
   */
  public Outcome untilBound(Situation situation, Plan plan, Instant begun)
      throws InterruptedException {
    long deadline = System.nanoTime() + BOUND_BY.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        Optional<String> node = boundWithVolumes(situation);
        if (node.isPresent()) {
          markAttempts(situation, plan);
          return new Outcome.Refloated(node.get(), Duration.between(begun, time.instant()));
        }
      } catch (KubernetesClientException e) {
        log.atDebug()
            .addKeyValue("why", Failures.words(e))
            .log("Failed to look after a recovered pod, trying again");
      }
      Thread.sleep(LOOK_AGAIN);
    }
    markAttempts(situation, plan);
    return new Outcome.RecoveredButNotBound(BOUND_BY);
  }

  private Optional<String> boundWithVolumes(Situation situation) {
    ObjectId id = situation.pod().id();
    Optional<Pod> pod =
        Optional.ofNullable(client.pods().inNamespace(id.namespace()).withName(id.name()).get())
            .map(Facts::pod)
            .filter(each -> !each.terminating());
    Optional<String> nodeName = pod.flatMap(Pod::node);
    if (nodeName.isEmpty()) {
      return Optional.empty();
    }
    Optional<Node> node =
        Optional.ofNullable(client.nodes().withName(nodeName.get()).get()).map(Facts::node);
    if (node.isEmpty()) {
      return Optional.empty();
    }
    for (LostClaim lost : situation.lostClaims()) {
      Optional<Volume> volume =
          claim(lost.claim().id()).flatMap(Claim::volumeName).flatMap(this::volume);
      boolean usable =
          volume
              .filter(
                  each ->
                      each.affinity()
                          .map(affinity -> affinity.matchesVolumeOn(node.get().labels()))
                          .orElse(true))
              .isPresent();
      if (!usable) {
        return Optional.empty();
      }
    }
    return nodeName;
  }

  private void markAttempts(Situation situation, Plan plan) {
    List<ObjectId> given = new ArrayList<>();
    for (Plan.Step step : plan.steps()) {
      if (step instanceof Plan.Step.DeleteClaim(ObjectId claim, _)) {
        given.add(claim);
      }
    }
    for (LostClaim lost : situation.lostClaims()) {
      if (!given.contains(lost.claim().id())) {
        continue;
      }
      try {
        claim(lost.claim().id())
            .filter(fresh -> !fresh.id().uid().equals(lost.claim().id().uid()))
            .ifPresent(fresh -> hands.markAttempt(fresh.id(), Attempts.next(lost.claim())));
      } catch (KubernetesClientException e) {
        log.atWarn()
            .addKeyValue("namespace", lost.claim().id().namespace())
            .addKeyValue("pvc", lost.claim().name())
            .addKeyValue("why", Failures.words(e))
            .log("Failed to mark the new claim, the loop guard goes by its age");
      }
    }
  }

  private Optional<Claim> claim(ObjectId id) {
    return Optional.ofNullable(
            client.persistentVolumeClaims().inNamespace(id.namespace()).withName(id.name()).get())
        .map(Facts::claim);
  }

  private Optional<Volume> volume(String name) {
    return Optional.ofNullable(client.persistentVolumes().withName(name).get()).map(Facts::volume);
  }
}
