package dev.refloat.controller.report;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.act.GivenUp;
import dev.refloat.controller.act.KeptVolumes;
import dev.refloat.controller.act.Outcome;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Verdict;
import dev.refloat.words.Words;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

  /** The reason of the Event that tells of a claim which Refloat deleted. */
  public static final String CLAIM_DELETED = "ClaimDeleted";

  private static final String CLAIM_DOOMED = "ClaimDoomed";

  private final Events events;
  private final Metrics metrics;
  private final boolean dryRun;

  private final InstantSource time;
  private final ToldVerdicts told = new ToldVerdicts();

  public Reporter(Events events, InstantSource time, Metrics metrics, boolean dryRun) {
    this.events = events;
    this.time = time;
    this.metrics = metrics;
    this.dryRun = dryRun;
    metrics.verdictsNow(told::counts);
  }

  /** Tells what was decided about a pod, if it is news. */
  public void verdict(SetKey key, ObjectId pod, Verdict verdict) {
    String words = Words.of(pod, verdict);
    switch (told.now(pod.uid(), key, verdict, identity(verdict, words), time.instant())) {
      case NEW -> {
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
        tellVerdict(key, pod, verdict, words);
      }
      case EVENT_AGAIN -> tellVerdict(key, pod, verdict, words);
      case NONE -> {}
    }
  }

  /** Who did not opt in wants no Events from us. */
  private void tellVerdict(SetKey key, ObjectId pod, Verdict verdict, String words) {
    if (dryRun || verdict instanceof Verdict.Leave.NotOptedIn) {
      return;
    }
    Events.Type type = level(verdict) == Level.WARN ? Events.Type.WARNING : Events.Type.NORMAL;
    events.tell(
        Events.pod(key.namespace(), pod.name(), pod.uid()),
        type,
        verdict.reason(),
        "Decide",
        words);
  }

  /** All that a recovery was to give up is gone; its verdict was told. */
  public void claimsGone(SetKey key, Pod pod, Instant begun, Instant gone) {
    Instant seen = told.first(key, pod.id().uid()).orElse(begun);
    metrics.phases().claimsGone(pod.createdAt(), seen, begun, gone);
  }

  /** The pod that a recovery has made is bound. */
  public void bound(Instant gone, Instant bound) {
    metrics.phases().bound(gone, bound);
  }

  /** Tells how a recovery ended. */
  public void outcome(SetKey key, Concerned about, Outcome outcome) {
    String name = outcome.getClass().getSimpleName();
    metrics.recovery(name);
    ObjectId pod = about.pod();
    switch (outcome) {
      case Outcome.Refloated(ObjectId made, String node, var took, var revision) -> {
        metrics.took(took);
        ended(Level.INFO, key, pod, name)
            .addKeyValue("node", node)
            .addKeyValue("seconds", took.toMillis() / 1000.0)
            .log("Cleanup completed");
        String words =
            pod.name()
                + " was given new volumes and is bound to node "
                + node
                + revision
                    .map(
                        now ->
                            "; it is made from another revision of the template than before, "
                                + now
                                + ", which was waiting for its pod to be deleted")
                    .orElse("");
        tellPod(key, made, Events.Type.NORMAL, name, words);
        tellSet(about, Events.Type.NORMAL, name, words);
      }
      case Outcome.RecoveredButNotBound(ObjectId waiting, var waited) -> {
        ended(Level.WARN, key, pod, name)
            .addKeyValue("seconds", waited.toSeconds())
            .log("Recovered pod is not bound to a node");
        String words =
            pod.name()
                + " was given up on its lost node, but has no new node after "
                + waited.toSeconds()
                + " s; see what the scheduler says of the pod";
        tellPod(key, waiting, Events.Type.WARNING, name, words);
        tellSet(about, Events.Type.WARNING, name, words);
      }
      case Outcome.Abandoned(String why) ->
          ended(Level.INFO, key, pod, name)
              .addKeyValue("why", why)
              .log("Abandoned a recovery, looking again");
      case Outcome.WaitingForClaim(String claim, var finalizers) ->
          ended(Level.WARN, key, pod, name)
              .addKeyValue("pvc", claim)
              .addKeyValue("finalizers", finalizers)
              .log("Claim is being deleted but a finalizer holds it");
      // Told by who looks after it from now on, again and again.
      case Outcome.ClaimDoomed _ -> {}
      case Outcome.Fenced(String why) ->
          ended(Level.WARN, key, pod, name)
              .addKeyValue("why", why)
              .log("Stopped a recovery, this process may not write any more");
      case Outcome.Failed(String why) ->
          ended(Level.ERROR, key, pod, name)
              .addKeyValue("why", why)
              .log("Failed to carry a recovery out, looking again");
      case Outcome.Rehearsed() -> {}
    }
  }

  private LoggingEventBuilder ended(Level level, SetKey key, ObjectId pod, String outcome) {
    return about(level, key, pod).addKeyValue("outcome", outcome);
  }

  /**
   * Tells that a claim is being deleted under a running pod (S42). Nobody can stop that: a claim's
   * deletion cannot be taken back.
   *
   * @param first whether it was not told of before
   */
  public void doomed(GivenUp claim, Pod pod, String node, boolean first) {
    if (first) {
      metrics.claimDoomed();
    }
    SetKey key = claim.key();
    String words =
        pod.name()
            + " runs on node "
            + node
            + " again, but its claim "
            + claim.claim().name()
            + " is being deleted and goes as soon as the pod does: back the data up now, while the"
            + " pod runs, and do not restart it before"
            + (claim.kept()
                ? "; the volume is set to Retain, so that its data stays on the node's disk"
                : "; keep the data by `kubectl patch pv $(kubectl get pvc -n "
                    + key.namespace()
                    + " "
                    + claim.claim().name()
                    + " -o jsonpath={.spec.volumeName}) -p"
                    + " '{\"spec\":{\"persistentVolumeReclaimPolicy\":\"Retain\"}}'`, or its disk may be"
                    + " wiped then");
    about(Level.ERROR, key, pod.id())
        .addKeyValue("pvc", claim.claim().name())
        .addKeyValue("node", node)
        .addKeyValue("reason", CLAIM_DOOMED)
        .addKeyValue("why", words)
        .log("Failed to stop in time: a running pod's claim is being deleted");
    if (dryRun) {
      return;
    }
    ObjectId id = claim.claim();
    List<ObjectReference> concerned = new ArrayList<>();
    concerned.add(Events.pod(key.namespace(), pod.name(), pod.id().uid()));
    concerned.add(Events.claim(key.namespace(), id.name(), id.uid()));
    pod.controller()
        .filter(Pod.Owner::isStatefulSet)
        .ifPresent(set -> concerned.add(Events.set(key.namespace(), set.name(), set.uid())));
    concerned.forEach(
        each -> events.tell(each, Events.Type.WARNING, CLAIM_DOOMED, "Refloat", words));
  }

  /** Tells that a claim that a recovery has made says so, for the loop guard. */
  public void marked(SetKey key, String pod, ObjectId claim, int attempt) {
    wrote(key, pod, claim)
        .addKeyValue("pvc", claim.name())
        .addKeyValue("attempt", attempt)
        .addKeyValue("why", "a recovery made it, and the next one waits for its cooldown")
        .log("New claim is marked with its attempt");
  }

  /** Tells that a claim stays, before its volume is set back (S40). */
  public void letStay(KeptVolumes.Kept kept, ObjectId claim, String node) {
    wrote(kept.key(), kept.givenUp().pod(), claim)
        .addKeyValue("pvc", claim.name())
        .addKeyValue("why", isOn(node))
        .log(Audit.LET_STAY);
  }

  /** Tells that a volume has its old policy again, because its claim stays after all (S58). */
  public void setBack(KeptVolumes.Kept kept, String node) {
    wrote(kept.key(), kept.givenUp().pod(), kept.volume())
        .addKeyValue("pv", kept.volume().name())
        .addKeyValue("reclaimPolicy", kept.policyWas())
        .addKeyValue("node", node)
        .addKeyValue("why", isOn(node))
        .log("Volume is set back, its claim stays");
  }

  private static String isOn(String node) {
    return "its pod is on node " + node;
  }

  /** A line about a write that belongs to no recovery that is being carried out. */
  private LoggingEventBuilder wrote(SetKey key, String pod, ObjectId what) {
    return log.atInfo()
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("pod", pod)
        .addKeyValue("uid", what.uid())
        .addKeyValue("by", events.instance())
        .addKeyValue("dryRun", dryRun);
  }

  /** Something could not be read, so that nothing was decided. */
  public void unreadable(SetKey key, String why) {
    metrics.surveyFailed();
    log.atWarn()
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("why", why)
        .log("Failed to read all facts, nothing is decided, looking again");
  }

  /** The log of one recovery's writes. */
  public Audit audit(SetKey key, Concerned about, Plan plan) {
    return new Audit(
        key,
        about.pod(),
        plan.why(),
        events.instance(),
        dryRun,
        step -> tellDeleted(about, plan, step));
  }

  /** Forgets what was said about pods of a set that are not among these UIDs any more. */
  public void retain(SetKey key, Set<String> uids) {
    told.retain(key, uids);
  }

  private void tellPod(SetKey key, ObjectId pod, Events.Type type, String reason, String note) {
    if (!dryRun) {
      events.tell(
          Events.pod(key.namespace(), pod.name(), pod.uid()), type, reason, "Refloat", note);
    }
  }

  /** On the claim and its set, because something was deleted. */
  private void tellDeleted(Concerned about, Plan plan, Plan.Step.DeleteClaim deleted) {
    String claim = deleted.target().name();
    boolean kept =
        plan.steps().stream()
            .anyMatch(
                step ->
                    step instanceof Plan.Step.KeepData(_, _, Plan.KeptFor owner)
                        && owner.claimUid().equals(deleted.target().uid()));
    String note =
        "deleted claim "
            + claim
            + " of "
            + about.pod().name()
            + ": "
            + plan.why()
            + "; "
            + deleted.volume().map(volume -> dataOf(volume, kept)).orElse("there is no volume");
    if (!dryRun) {
      events.tell(
          Events.claim(deleted.target().namespace(), claim, deleted.target().uid()),
          Events.Type.NORMAL,
          CLAIM_DELETED,
          "Refloat",
          note);
    }
    tellSet(about, Events.Type.NORMAL, CLAIM_DELETED, note);
  }

  private static String dataOf(String volume, boolean kept) {
    return kept
        ? "volume " + volume + " is set to Retain, its data stays on the disk"
        : "volume " + volume + " is left to its own reclaim policy";
  }

  private void tellSet(Concerned about, Events.Type type, String reason, String note) {
    if (!dryRun) {
      about
          .set()
          .ifPresent(
              set ->
                  events.tell(
                      Events.set(set.namespace(), set.name(), set.uid()),
                      type,
                      reason,
                      "Refloat",
                      note));
    }
  }

  private LoggingEventBuilder about(Level level, SetKey key, ObjectId pod) {
    return log.atLevel(level)
        .addKeyValue("namespace", key.namespace())
        .addKeyValue("statefulset", key.name())
        .addKeyValue("pod", pod.name())
        .addKeyValue("uid", pod.uid())
        .addKeyValue("dryRun", dryRun);
  }

  private static Level level(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Leave.OptInMalformed _,
          Verdict.Leave.StateNotOptedIn _,
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
      case Verdict.Hold.TooManyAtOnce _,
          Verdict.Hold.RateLimited _,
          Verdict.Hold.ClaimAbsent _,
          // Every node that comes or goes changes these words, and nothing else.
          Verdict.Hold.NowhereToGo _ ->
          verdict.reason();
      case Verdict.Leave _, Verdict.Hold _, Verdict.Recover _ -> words;
    };
  }
}
