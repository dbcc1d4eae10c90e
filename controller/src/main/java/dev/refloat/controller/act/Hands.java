package dev.refloat.controller.act;

import dev.refloat.controller.report.Audit;
import dev.refloat.controller.survey.LastLook;
import dev.refloat.controller.survey.Survey;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Situation;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Carries a plan out, step by step, in the order of the design: keep the data and read that back;
 * look a last time; delete the claims; wait until they are gone; delete the pod, if it still waits.
 *
 * <p>Stops at the first surprise. Before the claim is gone a surprise costs nothing: a volume that
 * was set to Retain is set back (S58). Afterwards the next look reads from the cluster what is left
 * to do (S56).
 */
public final class Hands {

  private static final Duration CLAIM_GOES = Duration.ofSeconds(10);

  /**
   * Siblings, opt-in and users of the claim are not looked at a last time, so they must be fresh
   * (S51).
   */
  private static final Duration OLDEST_FACTS = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final int POD_CONFLICTS = 20;

  private final KubernetesClient client;
  private final InstantSource time;
  private final Survey survey;
  private final Writes writes;

  public Hands(KubernetesClient client, InstantSource time, Survey survey) {
    this.client = client;
    this.time = time;
    this.survey = survey;
    this.writes = new Writes(client);
  }

  /** What is known when the last delete is done. */
  public sealed interface Carried {

    /** All of it. */
    record Out() implements Carried {}

    /** Not all of it. */
    record Stopped(Outcome outcome) implements Carried {}
  }

  /**
   * Writes the plan's steps.
   *
   * @throws InterruptedException if the process ends; what was begun is found by the next start
   */
  public Carried carryOut(Situation situation, Plan plan, Audit audit) throws InterruptedException {
    Map<Plan.Step.KeepData, String> kept = new LinkedHashMap<>();
    try {
      for (Plan.Step step : plan.steps()) {
        if (Thread.interrupted()) {
          restore(kept, audit);
          throw new InterruptedException("the process ends");
        }
        Optional<Outcome> surprise =
            switch (step) {
              case Plan.Step.KeepData keep -> keep(keep, kept, audit);
              case Plan.Step.DeleteClaim delete -> deleteClaim(delete, situation, audit);
              case Plan.Step.DeletePod delete -> deletePod(delete, audit);
            };
        if (surprise.isPresent()) {
          if (surprise.get() instanceof Outcome.Abandoned) {
            restore(kept, audit);
          }
          return new Carried.Stopped(surprise.get());
        }
      }
      return new Carried.Out();
    } catch (KubernetesClientException e) {
      // It may have happened or not, so that setting a volume back could cost its data.
      return new Carried.Stopped(new Outcome.Failed(Failures.words(e)));
    }
  }

  private Optional<Outcome> keep(
      Plan.Step.KeepData step, Map<Plan.Step.KeepData, String> kept, Audit audit) {
    switch (writes.keep(step, time.instant())) {
      case Writes.Written.Done(String version) -> kept.put(step, version);
      case Writes.Written.AlreadyGone() -> {
        return Optional.of(new Outcome.Abandoned("volume " + step.target() + " is gone"));
      }
      case Writes.Written.Conflict(String why) -> {
        return Optional.of(
            new Outcome.Abandoned("volume " + step.target() + " has changed: " + why));
      }
    }
    var read = client.persistentVolumes().withName(step.target().name()).get();
    if (read == null
        || !Facts.id(read).uid().equals(step.target().uid())
        || !Facts.volume(read).retained()) {
      return Optional.of(
          new Outcome.Abandoned("volume " + step.target() + " is not Retain when read back"));
    }
    audit.kept(step);
    return Optional.empty();
  }

  private Optional<Outcome> deleteClaim(
      Plan.Step.DeleteClaim step, Situation situation, Audit audit) throws InterruptedException {
    if (survey.lastLook(situation) instanceof LastLook.Changed(String what)) {
      return Optional.of(new Outcome.Abandoned(what));
    }
    Duration age = Duration.between(situation.observedAt(), time.instant());
    if (age.abs().compareTo(OLDEST_FACTS) > 0) {
      return Optional.of(new Outcome.Abandoned("the facts are " + age.toSeconds() + " s old"));
    }
    switch (writes.deleteClaim(step.target())) {
      case Writes.Written.Done(_) -> audit.deletedClaim(step);
      case Writes.Written.AlreadyGone() -> audit.claimWasGone(step);
      case Writes.Written.Conflict(String why) -> {
        return Optional.of(
            new Outcome.Abandoned("claim " + step.target() + " has changed: " + why));
      }
    }
    return waitUntilGone(step.target(), situation.pod());
  }

  private Optional<Outcome> waitUntilGone(ObjectId claim, Pod pod) throws InterruptedException {
    long deadline = System.nanoTime() + CLAIM_GOES.toNanos();
    while (true) {
      var found =
          client
              .persistentVolumeClaims()
              .inNamespace(claim.namespace())
              .withName(claim.name())
              .get();
      if (found == null || !Facts.id(found).uid().equals(claim.uid())) {
        return Optional.empty();
      }
      if (System.nanoTime() > deadline) {
        Claim left = Facts.claim(found);
        return Optional.of(
            nodeOf(pod)
                .<Outcome>map(node -> new Outcome.ClaimDoomed(claim.name(), node))
                .orElseGet(
                    () ->
                        new Outcome.WaitingForClaim(
                            claim.name(), left.finalizers().stream().sorted().toList())));
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private Optional<String> nodeOf(Pod pod) {
    return read(pod.id()).filter(now -> now.id().uid().equals(pod.id().uid())).flatMap(Pod::node);
  }

  /**
   * Preconditions decide the race with the scheduler: each conflict is a reason to look again, not
   * to insist.
   */
  private Optional<Outcome> deletePod(Plan.Step.DeletePod step, Audit audit) {
    for (int look = 0; look < POD_CONFLICTS; look++) {
      Optional<Pod> pod = read(step.target());
      if (pod.isEmpty()
          || !pod.get().id().uid().equals(step.target().uid())
          || pod.get().terminating()) {
        audit.podWasReplaced(step);
        return Optional.empty();
      }
      if (!pod.get().unscheduled()) {
        audit.podAlreadyBound(step, pod.get());
        return Optional.empty();
      }
      switch (writes.deletePod(pod.get().id())) {
        case Writes.Written.Done(_) -> {
          audit.deletedPod(step);
          return Optional.empty();
        }
        case Writes.Written.AlreadyGone() -> {
          audit.podWasReplaced(step);
          return Optional.empty();
        }
        case Writes.Written.Conflict(_) -> {}
      }
    }
    return Optional.of(
        new Outcome.Failed(
            "pod "
                + step.target()
                + " changed "
                + POD_CONFLICTS
                + " times while it was to be deleted"));
  }

  private Optional<Pod> read(ObjectId pod) {
    return Optional.ofNullable(
            client.pods().inNamespace(pod.namespace()).withName(pod.name()).get())
        .map(Facts::pod);
  }

  /**
   * Only where the claim is known to stay: a volume set back while its claim goes would be wiped.
   */
  private void restore(Map<Plan.Step.KeepData, String> kept, Audit audit) {
    kept.forEach(
        (step, version) -> {
          try {
            boolean stays =
                Optional.ofNullable(
                        client
                            .persistentVolumeClaims()
                            .inNamespace(step.owner().namespace())
                            .withName(step.owner().claim())
                            .get())
                    .map(Facts::claim)
                    .filter(
                        claim ->
                            claim.id().uid().equals(step.owner().claimUid())
                                && !claim.terminating())
                    .isPresent();
            if (stays && writes.restore(step, version) instanceof Writes.Written.Done) {
              audit.restored(step);
            } else {
              audit.leftRetained(step, "claim or volume has changed");
            }
          } catch (KubernetesClientException e) {
            audit.leftRetained(step, Failures.words(e));
          }
        });
  }

  /**
   * Writes down on the re-created claim which attempt made it; a loss of this mark only makes the
   * loop guard go by ages.
   */
  public void markAttempt(ObjectId claim, int attempt) {
    writes.markAttempt(claim, attempt);
  }
}
