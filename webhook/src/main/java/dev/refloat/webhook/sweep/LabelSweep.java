package dev.refloat.webhook.sweep;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.PodAdmission;
import dev.refloat.admission.PodFacts;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import dev.refloat.process.Failures;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodMetadata;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.webhook.sweep.WaitingPods.Kind;
import dev.refloat.webhook.sweep.WaitingPods.Live;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One look at all pods that wait for a node: those that were made while the webhook was away get
 * their label, and those whose opt-in is gone lose it (S49).
 *
 * <p>What a pod says is on the list; only where that and its label do not fit together the pod and
 * its storage are read, and decided about as at admission.
 */
public final class LabelSweep {

  /**
   * Read in one look. Whoever waits is sorted, and the next look goes on where this one ended, so
   * that nobody waits for ever.
   */
  static final int MOST_READS = 200;

  /** Well before the turn is over; the next look goes on from there. */
  static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

  private static final int MOST_TOLD = 1_000;

  private static final Logger log = LoggerFactory.getLogger(LabelSweep.class);

  private final WaitingPods pods;
  private final PodAdmission admission;
  private final PodAdmission.Storage storage;
  private final WatchedNamespaces watched;
  private final Set<String> leftOut;
  private final boolean dryRun;
  private final String instance;
  private final Findings findings;
  private final LongSupplier ticks;

  // Used by one thread.

  /** After whom to go on. */
  private String last = "";

  /** Pods of which a dry run has told. */
  private final Set<String> told = new HashSet<>();

  /** Counts. */
  public interface Findings {
    /** A label was put right, or would have been. */
    void found(Decision decision);

    /** A list or a pod could not be read, decided about or written. */
    void failed();
  }

  /**
   * @param leftOut namespaces about whose pods the webhook is never asked
   * @param dryRun whether it is only said what would be written
   * @param instance what this process is called
   * @param ticks nanoseconds that never go back
   */
  public LabelSweep(
      WaitingPods pods,
      PodAdmission admission,
      PodAdmission.Storage storage,
      WatchedNamespaces watched,
      Set<String> leftOut,
      boolean dryRun,
      String instance,
      Findings findings,
      LongSupplier ticks) {
    this.pods = pods;
    this.admission = admission;
    this.storage = storage;
    this.watched = watched;
    this.leftOut = Collections.unmodifiableSortedSet(new TreeSet<>(leftOut));
    this.dryRun = dryRun;
    this.instance = instance;
    this.findings = findings;
    this.ticks = ticks;
  }

  /**
   * Looks once. What cannot be read or written keeps nothing else from being put right.
   *
   * @return what went wrong first, in words, if anything did
   */
  Optional<String> look() {
    long begun = ticks.getAsLong();
    List<String> failures = new ArrayList<>();
    List<ObjectId> doubtful = new ArrayList<>();
    for (Optional<String> namespace : watched.selected()) {
      for (Kind kind : Kind.values()) {
        attempt(
            failures,
            () -> doubtful.addAll(pods.list(namespace, kind, pod -> isDoubtful(pod, kind))));
      }
    }
    for (ObjectId pod : Rota.next(doubtful, ObjectId::toString, last, MOST_READS)) {
      if (ticks.getAsLong() - begun > LONGEST_LOOK.toNanos()) {
        break;
      }
      last = pod.toString();
      attempt(failures, () -> pods.read(pod).flatMap(this::putRight).ifPresent(failures::add));
    }
    return failures.stream().findFirst();
  }

  private void attempt(List<String> failures, Runnable step) {
    try {
      step.run();
    } catch (KubernetesClientException e) {
      findings.failed();
      failures.add(Failures.words(e));
    }
  }

  /** Whether its opt-in and its label do not fit together. Its storage has not been asked yet. */
  private boolean isDoubtful(PodMetadata pod, Kind kind) {
    boolean optedIn = OptInReader.read(pod.annotations()) instanceof OptInReading.Yes;
    return pod.deletionDue().isEmpty()
        && !leftOut.contains(pod.id().namespace())
        && switch (kind) {
          case LABELLED -> !optedIn;
          case UNLABELLED -> optedIn;
        };
  }

  /** Returns what kept it from being known whether its label is right, if anything did. */
  private Optional<String> putRight(Live pod) {
    Decision decision = admission.decide(pod.facts(), storage);
    switch (decision) {
      case Decision.Leave _ -> {
        // Not local, say; and nothing has changed about that.
      }
      case Decision.Label(ClaimStorage.Unanswered(String claim, String why)) -> {
        // At admission there is no second chance. Here there is one in a moment.
        findings.failed();
        return Optional.of("claim %s of pod %s: %s".formatted(claim, pod.id(), why));
      }
      case Decision.Label _ -> write(pod, decision, true);
      case Decision.Unlabel _ -> write(pod, decision, false);
    }
    return Optional.empty();
  }

  private void write(Live pod, Decision decision, boolean labelled) {
    if (dryRun) {
      if (isNews(pod)) {
        findings.found(decision);
        about(log.atInfo(), pod, decision).addKeyValue("dryRun", true).log(words(decision, true));
      }
      return;
    }
    switch (pods.write(pod.id(), labelled)) {
      case DONE -> {
        findings.found(decision);
        about(log.atInfo(), pod, decision).log(words(decision, false));
      }
      case CONFLICT ->
          about(log.atDebug(), pod, decision)
              .log("A pod has changed before its label could be put right");
    }
  }

  /** In a dry run nothing is put right, so everything is found again with each look. */
  private boolean isNews(Live pod) {
    if (told.size() >= MOST_TOLD) {
      told.clear();
    }
    return told.add(pod.id().uid());
  }

  private static String words(Decision decision, boolean dryRun) {
    String what =
        decision instanceof Decision.Label
            ? "label a pod that was made while nobody was asked"
            : "take the label off a pod whose opt-in is gone";
    return dryRun
        ? "Dry run: would " + what
        : decision instanceof Decision.Label
            ? "Labelled a pod that was made while nobody was asked"
            : "Took the label off a pod whose opt-in is gone";
  }

  private LoggingEventBuilder about(LoggingEventBuilder line, Live pod, Decision decision) {
    return line.addKeyValue("namespace", pod.id().namespace())
        .addKeyValue("pod", pod.id().name())
        .addKeyValue(
            "statefulset", pod.facts().controller().map(PodFacts.Controller::name).orElse(""))
        .addKeyValue("reason", decision.reason())
        .addKeyValue("uid", pod.id().uid())
        .addKeyValue("by", instance);
  }
}
