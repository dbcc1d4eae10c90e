package dev.refloat.controller.report;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.act.Outcome;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.Verdict;
import dev.refloat.words.Words;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells verdicts and outcomes: one log line, one Event and one count when a pod's verdict changes,
 * none while it stays.
 *
 * <p>A dry run writes no Events: nothing at all is written to the cluster.
 */
public final class Reporter {

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);

  private final Events events;
  private final Metrics metrics;
  private final boolean dryRun;

  /** What was last said about each pod, by UID. */
  private final Map<String, Said> said = new ConcurrentHashMap<>();

  private record Said(SetKey key, String what) {}

  public Reporter(
      KubernetesClient client,
      InstantSource time,
      Metrics metrics,
      String instance,
      boolean dryRun) {
    this.events = new Events(client, time, instance, metrics);
    this.metrics = metrics;
    this.dryRun = dryRun;
  }

  /** Tells what was decided about a pod, if it is news. */
  public void verdict(SetKey key, Situation situation, Verdict verdict) {
    Pod pod = situation.pod();
    String words = Words.of(pod.name(), verdict);
    Said now = new Said(key, identity(verdict, words));
    if (now.equals(said.put(pod.id().uid(), now))) {
      return;
    }
    metrics.verdict(verdict);
    about(level(verdict), key, pod)
        .addKeyValue("verdict", Metrics.kind(verdict))
        .addKeyValue("reason", verdict.reason())
        .addKeyValue("why", words)
        .log(
            switch (verdict) {
              case Verdict.Leave _ -> "Leaving a stranded pod alone";
              case Verdict.Hold _ -> "Holding a stranded pod";
              case Verdict.Recover _ -> "Refloating a stranded pod";
            });
    if (!dryRun && isForPeople(verdict)) {
      Events.Type type = level(verdict) == Level.WARN ? Events.Type.WARNING : Events.Type.NORMAL;
      events.tell(
          Events.pod(key.namespace(), pod.name(), pod.id().uid()),
          type,
          verdict.reason(),
          "Decide",
          words);
    }
  }

  /** Tells how a recovery ended. */
  public void outcome(SetKey key, Situation situation, Outcome outcome) {
    metrics.recovery(outcome.getClass().getSimpleName());
    Pod pod = situation.pod();
    switch (outcome) {
      case Outcome.Refloated(String node, var took) -> {
        metrics.took(took);
        about(Level.INFO, key, pod)
            .addKeyValue("node", node)
            .addKeyValue("seconds", took.toMillis() / 1000.0)
            .log("Cleanup completed");
        tellSet(
            key,
            situation,
            Events.Type.NORMAL,
            "Refloated",
            pod.name() + " was given new volumes and is bound to node " + node);
      }
      case Outcome.RecoveredButNotBound(var waited) -> {
        about(Level.WARN, key, pod)
            .addKeyValue("seconds", waited.toSeconds())
            .log("Recovered pod is not bound to a node");
        tellSet(
            key,
            situation,
            Events.Type.WARNING,
            "RecoveredButNotBound",
            pod.name()
                + " was given up on its lost node, but has no new node after "
                + waited.toSeconds()
                + " s; see the pod's Events");
      }
      case Outcome.Abandoned(String why) ->
          about(Level.INFO, key, pod)
              .addKeyValue("why", why)
              .log("Abandoned a recovery, looking again");
      case Outcome.WaitingForClaim(String claim, var finalizers) ->
          about(Level.WARN, key, pod)
              .addKeyValue("pvc", claim)
              .addKeyValue("finalizers", finalizers)
              .log("Claim is being deleted but a finalizer holds it");
      case Outcome.ClaimDoomed(String claim, String node) -> {
        about(Level.ERROR, key, pod)
            .addKeyValue("pvc", claim)
            .addKeyValue("node", node)
            .log(
                "Failed to stop in time: the pod got its node back while its claim is being deleted");
        tellSet(
            key,
            situation,
            Events.Type.WARNING,
            "ClaimDoomed",
            pod.name()
                + " is bound to "
                + node
                + " again, but its claim "
                + claim
                + " is being deleted and will go with the pod: back the data up now");
      }
      case Outcome.Failed(String why) ->
          about(Level.ERROR, key, pod)
              .addKeyValue("why", why)
              .log("Failed to carry a recovery out, looking again");
      case Outcome.Rehearsed() -> {}
    }
  }

  /** Something could not be read, so that nothing was decided. */
  public void unreadable(SetKey key, String why) {
    metrics.surveyFailed();
    log.atWarn()
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("why", why)
        .log("Failed to survey, nothing is decided, looking again");
  }

  /** The log of one recovery's writes. */
  public Audit audit(SetKey key, Situation situation, Plan plan) {
    Pod pod = situation.pod();
    return new Audit(key, pod, plan.why(), dryRun);
  }

  /** Forgets what was said about pods of a set that are not among these UIDs any more. */
  public void retain(SetKey key, Set<String> uids) {
    said.entrySet()
        .removeIf(pod -> pod.getValue().key().equals(key) && !uids.contains(pod.getKey()));
  }

  private void tellSet(
      SetKey key, Situation situation, Events.Type type, String reason, String note) {
    if (!dryRun) {
      situation
          .owner()
          .ifPresent(
              set ->
                  events.tell(
                      Events.set(key.namespace(), key.name(), set.id().uid()),
                      type,
                      reason,
                      "Refloat",
                      note));
    }
  }

  private LoggingEventBuilder about(Level level, SetKey key, Pod pod) {
    return log.atLevel(level)
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("pod", pod.name())
        .addKeyValue("uid", pod.id().uid())
        .addKeyValue("dryRun", dryRun);
  }

  /** Who did not opt in wants no Events from us. */
  private static boolean isForPeople(Verdict verdict) {
    return !(verdict instanceof Verdict.Leave.NotOptedIn);
  }

  private static Level level(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Leave.OptInMalformed _,
          Verdict.Leave.PolicyDiffers _,
          Verdict.Leave.BindingInconsistent _,
          Verdict.Leave.VolumeMissing _,
          Verdict.Leave.PinnedNodeReplaced _,
          Verdict.Hold.FreeVolumeOnLostNode _,
          Verdict.Hold.NowhereToGo _,
          Verdict.Hold.ForeignFinalizer _,
          Verdict.Hold.SiblingsWaitForThisPod _,
          Verdict.Hold.BrakeOn _ ->
          Level.WARN;
      case Verdict.Leave _, Verdict.Hold _, Verdict.Recover _ -> Level.INFO;
    };
  }

  /** What makes a verdict news. Counts that go up and down while a pod waits its turn do not. */
  private static String identity(Verdict verdict, String words) {
    return switch (verdict) {
      case Verdict.Hold.TooManyAtOnce _, Verdict.Hold.RateLimited _, Verdict.Hold.ClaimAbsent _ ->
          verdict.reason();
      case Verdict.Leave _, Verdict.Hold _, Verdict.Recover _ -> words;
    };
  }
}
