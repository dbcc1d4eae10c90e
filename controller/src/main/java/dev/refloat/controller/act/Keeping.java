package dev.refloat.controller.act;

import dev.refloat.controller.report.Audit;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The volumes that one recovery has set to Retain, so that they can be set back if it stops before
 * their claims go (S44, S58).
 */
final class Keeping {

  private final KubernetesClient client;
  private final InstantSource time;
  private final Writes writes;
  private final Audit audit;

  /** Each with the version that it has now. */
  private final Map<Plan.Step.KeepData, ObjectId> kept = new LinkedHashMap<>();

  Keeping(KubernetesClient client, InstantSource time, Writes writes, Audit audit) {
    this.client = client;
    this.time = time;
    this.writes = writes;
    this.audit = audit;
  }

  /** Sets a volume to Retain and reads that back; returns what went otherwise. */
  Optional<Outcome> keep(Plan.Step.KeepData step) {
    switch (writes.keep(step, time.instant())) {
      case Writes.Written.Done<PersistentVolume>(var after) ->
          after.ifPresent(volume -> kept.put(step, Facts.id(volume)));
      case Writes.Written.AlreadyGone<PersistentVolume>() -> {
        return Optional.of(new Outcome.Abandoned("volume " + step.target() + " is gone"));
      }
      case Writes.Written.Conflict<PersistentVolume>(String why) -> {
        return Optional.of(
            new Outcome.Abandoned("volume " + step.target() + " has changed: " + why));
      }
      case Writes.Written.Fenced<PersistentVolume>(String why) -> {
        return Optional.of(new Outcome.Fenced(why));
      }
    }
    // The answer to a write is what somebody meant to store; only a read shows what is.
    PersistentVolume read = client.persistentVolumes().withName(step.target().name()).get();
    if (read == null
        || !Facts.id(read).uid().equals(step.target().uid())
        || !Facts.volume(read).retained()) {
      return Optional.of(
          new Outcome.Abandoned("volume " + step.target() + " is not Retain when read back"));
    }
    audit.kept(step);
    return Optional.empty();
  }

  /**
   * Sets all of them back. Only where the claim is known to stay: a volume set back while its claim
   * goes would be wiped. Another controller, or a process that was killed, may have sent a delete
   * that has not arrived yet. It names the claim's present version, so that version is used up
   * first (S40, S44).
   */
  void restore() {
    kept.forEach(
        (step, version) -> {
          try {
            if (letStay(step.owner())
                && writes.restore(version, step.policyWas()) instanceof Writes.Written.Done) {
              audit.restored(step);
            } else {
              audit.leftRetained(step, "claim or volume has changed");
            }
          } catch (KubernetesClientException e) {
            audit.leftRetained(step, Failures.words(e));
          }
        });
  }

  private boolean isMarked(Claim claim) {
    if (!(writes.stays(claim.id(), time.instant()) instanceof Writes.Written.Done)) {
      return false;
    }
    audit.letStay(claim.id());
    return true;
  }

  private boolean letStay(Plan.KeptFor owner) {
    return Optional.ofNullable(
            client
                .persistentVolumeClaims()
                .inNamespace(owner.namespace())
                .withName(owner.claim())
                .get())
        .map(Facts::claim)
        .filter(claim -> claim.id().uid().equals(owner.claimUid()))
        .filter(claim -> !claim.terminating())
        .filter(this::isMarked)
        .isPresent();
  }
}
