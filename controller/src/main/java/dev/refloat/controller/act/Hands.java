package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.report.Audit;
import dev.refloat.controller.survey.LastLook;
import dev.refloat.controller.survey.Survey;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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

  /** A process that ends does not wait for claims: the next one goes on from there. */
  private static final Duration CLAIM_GOES_AT_THE_END = Duration.ofSeconds(2);

  /**
   * Siblings, opt-in and users of the claim are not looked at a last time, so they must be fresh
   * (S51): five seconds, of which one is that of the lists that surveys share.
   */
  public static final Duration OLDEST_FACTS = Duration.ofSeconds(4);

  /**
   * Later than Kubernetes' own controller lets go of a claim that nobody uses, and than the
   * scheduler has written that into the pod, as a rule: then one look is enough, and the pod's
   * version is the one that the watch has told.
   */
  private static final Duration FIRST_LOOK = Duration.ofMillis(100);

  private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(2);
  private static final int POD_CONFLICTS = 20;

  private final KubernetesClient client;
  private final InstantSource time;
  private final Survey survey;
  private final Writes writes;
  private final Sight sight;
  private final Doorbell doorbell;
  private final BooleanSupplier ending;

  /** How long the last claim took to go, and about what the next one takes. */
  private volatile Duration lastClaimTook = Duration.ZERO;

  /**
   * @param ending whether the process ends: nothing new is begun then
   */
  public Hands(
      KubernetesClient client,
      InstantSource time,
      Survey survey,
      Fence fence,
      Sight sight,
      Doorbell doorbell,
      BooleanSupplier ending) {
    this.client = client;
    this.time = time;
    this.survey = survey;
    this.writes = new Writes(client, fence);
    this.sight = sight;
    this.doorbell = doorbell;
    this.ending = ending;
  }

  /** What is known when the last delete is done. */
  public sealed interface Carried {

    /**
     * All of it.
     *
     * @param deleted the pod that was deleted; empty if that was not needed
     * @param claimsGone when the last claim was gone; empty if an earlier pass has seen to that
     */
    record Out(Optional<DeletedPod> deleted, Optional<Instant> claimsGone) implements Carried {}

    /** Not all of it. */
    record Stopped(Outcome outcome) implements Carried {}
  }

  /** How one step went. */
  private sealed interface Step {

    record Done(Optional<DeletedPod> deleted) implements Step {}

    record Surprise(Outcome outcome) implements Step {}

    static Step of(Optional<Outcome> surprise) {
      return surprise.<Step>map(Surprise::new).orElseGet(() -> new Done(Optional.empty()));
    }
  }

  /**
   * Writes the plan's steps.
   *
   * @throws InterruptedException if the process ends; what was begun is found by the next start
   */
  public Carried carryOut(Conviction conviction, Audit audit) throws InterruptedException {
    Keeping keeping = new Keeping(client, time, writes, audit);
    Optional<DeletedPod> podDeleted = Optional.empty();
    Optional<Instant> claimsGone = Optional.empty();
    try {
      for (Plan.Step step : conviction.plan().steps()) {
        Step went =
            switch (step) {
              case Plan.Step.KeepData keep -> {
                stopHereIfEnding(keeping);
                yield Step.of(keeping.keep(keep));
              }
              case Plan.Step.DeleteClaim delete -> {
                stopHereIfEnding(keeping);
                yield Step.of(deleteClaim(delete, conviction, audit));
              }
              // Only finishes what a claim's delete began.
              case Plan.Step.DeletePod delete -> deletePod(delete, audit);
            };
        switch (went) {
          case Step.Done(var deleted) -> {
            podDeleted = deleted;
            if (step instanceof Plan.Step.DeleteClaim) {
              claimsGone = Optional.of(time.instant());
            }
          }
          case Step.Surprise(Outcome outcome) -> {
            if (outcome instanceof Outcome.Abandoned) {
              keeping.restore();
            }
            return new Carried.Stopped(outcome);
          }
        }
      }
      return new Carried.Out(podDeleted, claimsGone);
    } catch (KubernetesClientException e) {
      // It may have happened or not, so that setting a volume back could cost its data.
      return new Carried.Stopped(new Outcome.Failed(Failures.words(e)));
    }
  }

  private void stopHereIfEnding(Keeping keeping) throws InterruptedException {
    if (ending.getAsBoolean()) {
      keeping.restore();
      throw new InterruptedException("the process ends");
    }
  }

  private Optional<Outcome> deleteClaim(
      Plan.Step.DeleteClaim step, Conviction conviction, Audit audit) throws InterruptedException {
    if (survey.lastLook(conviction.pod(), conviction.lost(), conviction.keptVolumes())
        instanceof LastLook.Changed(String what)) {
      return Optional.of(new Outcome.Abandoned(what));
    }
    Duration age = Duration.between(conviction.factsFrom(), time.instant());
    if (age.abs().compareTo(OLDEST_FACTS) > 0) {
      return Optional.of(new Outcome.Abandoned("the facts are " + age.toSeconds() + " s old"));
    }
    return switch (writes.deleteClaim(step.target())) {
      case Writes.Written.Done<PersistentVolumeClaim>(var left) -> {
        audit.deletedClaim(step);
        yield left.isEmpty()
            ? Optional.empty()
            : waitUntilGone(step.target(), conviction.pod(), audit);
      }
      case Writes.Written.AlreadyGone<PersistentVolumeClaim>() -> {
        audit.claimWasGone(step);
        yield Optional.empty();
      }
      case Writes.Written.Conflict<PersistentVolumeClaim>(String why) ->
          Optional.of(new Outcome.Abandoned("claim " + step.target() + " has changed: " + why));
      case Writes.Written.Fenced<PersistentVolumeClaim>(String why) ->
          Optional.of(new Outcome.Fenced(why));
    };
  }

  /**
   * Looks soon, by what the last claim took, then more and more rarely, and whenever the pod
   * changes: the scheduler writes into the pod when its claim is gone.
   */
  private Optional<Outcome> waitUntilGone(ObjectId claim, Pod pod, Audit audit)
      throws InterruptedException {
    long begun = System.nanoTime();
    Duration next = Collections.max(List.of(FIRST_LOOK, lastClaimTook.dividedBy(2)));
    try (Doorbell.Listener listener = doorbell.listen(audit.key())) {
      while (true) {
        var _ = listener.rings(Collections.min(List.of(next, LOOK_AT_LEAST)));
        next = next.multipliedBy(3);
        Optional<Claim> left = claim(claim).filter(now -> now.id().uid().equals(claim.uid()));
        Duration waited = Duration.ofNanos(System.nanoTime() - begun);
        if (left.isEmpty()) {
          lastClaimTook = waited;
          return Optional.empty();
        }
        boolean podLeft = seen(audit.key(), pod.id()).isEmpty();
        boolean tooLong = waited.compareTo(CLAIM_GOES) > 0;
        if (podLeft || tooLong) {
          Optional<String> node = nodeOf(pod);
          if (node.isPresent()) {
            return Optional.of(new Outcome.ClaimDoomed(claim.name(), node.get()));
          }
        }
        if (tooLong) {
          return Optional.of(
              new Outcome.WaitingForClaim(
                  claim.name(), left.get().finalizers().stream().sorted().toList()));
        }
        if (ending.getAsBoolean() && waited.compareTo(CLAIM_GOES_AT_THE_END) > 0) {
          throw new InterruptedException("the process ends");
        }
      }
    }
  }

  private Optional<String> nodeOf(Pod pod) {
    return read(pod.id()).filter(now -> now.id().uid().equals(pod.id().uid())).flatMap(Pod::node);
  }

  /** The pod's newest version that the watch has seen waiting; empty if it does not wait. */
  private Optional<ObjectId> seen(SetKey key, ObjectId pod) {
    return Optional.ofNullable(sight.waiting(key).get(pod.name()))
        .filter(now -> now.uid().equals(pod.uid()));
  }

  /**
   * Preconditions decide the race with the scheduler: each conflict is a reason to look again, not
   * to insist.
   *
   * <p>The first try names a version that the watch has seen waiting for a node. It need not be
   * read again: if it is not the present one the API server refuses.
   */
  private Step deletePod(Plan.Step.DeletePod step, Audit audit) {
    ObjectId version = seen(audit.key(), step.target()).orElse(step.target());
    for (int attempt = 0; attempt < POD_CONFLICTS; attempt++) {
      switch (writes.deletePod(version)) {
        case Writes.Written.Done<io.fabric8.kubernetes.api.model.Pod>(var deleted) -> {
          audit.deletedPod(step);
          return new Step.Done(Optional.of(DeletedPod.of(deleted)));
        }
        case Writes.Written.AlreadyGone<?> _ -> {
          audit.podWasReplaced(step);
          return new Step.Done(Optional.empty());
        }
        case Writes.Written.Fenced<?>(String why) -> {
          return new Step.Surprise(new Outcome.Fenced(why));
        }
        case Writes.Written.Conflict<?> _ -> {}
      }
      Optional<Pod> pod = read(step.target());
      if (pod.isEmpty()
          || !pod.get().id().uid().equals(step.target().uid())
          || pod.get().terminating()) {
        audit.podWasReplaced(step);
        return new Step.Done(Optional.empty());
      }
      if (!pod.get().unscheduled()) {
        audit.podAlreadyBound(step, pod.get());
        return new Step.Done(Optional.empty());
      }
      version = pod.get().id();
    }
    return new Step.Surprise(
        new Outcome.Failed(
            "pod "
                + step.target()
                + " changed "
                + POD_CONFLICTS
                + " times while it was to be deleted"));
  }

  private Optional<Claim> claim(ObjectId id) {
    return Optional.ofNullable(
            client.persistentVolumeClaims().inNamespace(id.namespace()).withName(id.name()).get())
        .map(Facts::claim);
  }

  private Optional<Pod> read(ObjectId pod) {
    return Optional.ofNullable(
            client.pods().inNamespace(pod.namespace()).withName(pod.name()).get())
        .map(Facts::pod);
  }

  /** The claim that was made in place of that one; empty if there is none. */
  Optional<Claim> remade(ObjectId given) {
    return claim(given).filter(now -> !now.id().uid().equals(given.uid()));
  }

  /**
   * Writes down on the re-created claim which attempt made it, and returns it as it is now; empty
   * if there is none. A loss of this mark only makes the loop guard go by ages.
   */
  Optional<Claim> markAttempt(ObjectId given, String pod, int attempt) {
    return switch (writes.markAttempt(given, pod, attempt)) {
      case Writes.Written.Done<PersistentVolumeClaim>(var claim) ->
          claim.map(Facts::claim).filter(now -> !now.id().uid().equals(given.uid()));
      case Writes.Written.AlreadyGone<?> _,
          Writes.Written.Conflict<?> _,
          Writes.Written.Fenced<?> _ ->
          Optional.empty();
    };
  }
}
