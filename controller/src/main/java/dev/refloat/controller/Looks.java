package dev.refloat.controller;

import dev.refloat.controller.act.Aftermath;
import dev.refloat.controller.act.GivenUp;
import dev.refloat.controller.act.Outcome;
import dev.refloat.controller.act.Recovered;
import dev.refloat.controller.report.Concerned;
import dev.refloat.controller.report.Reporter;
import dev.refloat.controller.survey.Findings;
import dev.refloat.controller.survey.Survey;
import dev.refloat.controller.watch.PinnedNodes;
import dev.refloat.controller.watch.StrandedPods;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Judge;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodStorage;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.Verdict;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at one set: its stranded pods are surveyed, judged and told, and one of them refloated,
 * if that is the verdict.
 *
 * <p>There is one survey for one decision. It reads everything live, and what it convicts by is a
 * few seconds old at most when the claim goes; the pod and its node are looked at once more then.
 */
final class Looks {

  private static final Logger log = LoggerFactory.getLogger(Looks.class);

  /** What a small heap can hold at once, and more than two cores can read. */
  private static final int SURVEYS_AT_ONCE = 8;

  /** Sets whose facts are held, from their survey to the last write. */
  private static final int IN_HAND_AT_ONCE = 32;

  private static final Duration NODES_AGAIN = Duration.ofSeconds(5);

  private final InstantSource time;
  private final Queue queue;
  private final QuietLooks quietLooks;
  private final StrandedPods stranded;
  private final PinnedNodes pinnedNodes;
  private final Survey survey;
  private final Recoveries recoveries;
  private final Ending ending;
  private final Aftermath aftermath;
  private final Unbound unbound;
  private final Reporter reporter;
  private final Memory memory;
  private final Budget budget;

  private final Semaphore surveys = new Semaphore(SURVEYS_AT_ONCE, true);
  private final Semaphore inHand = new Semaphore(IN_HAND_AT_ONCE, true);

  Looks(
      InstantSource time,
      Queue queue,
      QuietLooks quietLooks,
      StrandedPods stranded,
      PinnedNodes pinnedNodes,
      Survey survey,
      Recoveries recoveries,
      Ending ending,
      Aftermath aftermath,
      Unbound unbound,
      Reporter reporter,
      Memory memory,
      Budget budget) {
    this.time = time;
    this.queue = queue;
    this.quietLooks = quietLooks;
    this.stranded = stranded;
    this.pinnedNodes = pinnedNodes;
    this.survey = survey;
    this.recoveries = recoveries;
    this.ending = ending;
    this.aftermath = aftermath;
    this.unbound = unbound;
    this.reporter = reporter;
    this.memory = memory;
    this.budget = budget;
  }

  /**
   * Looks at the set whose turn it is.
   *
   * @return a recovery whose writes are done, which is to be seen through; empty if there is none
   * @throws InterruptedException if the process ends
   */
  Optional<Recovered> of(Queue.Turn turn) throws InterruptedException {
    SetKey key = turn.key();
    if (turn.reason() == Queue.Reason.EVENT) {
      quietLooks.beginAnew(key);
    }
    Map<String, ObjectId> suspects = stranded.waiting(key);
    Set<String> uids =
        suspects.values().stream().map(ObjectId::uid).collect(Collectors.toUnmodifiableSet());
    memory.retain(key, uids);
    reporter.retain(key, uids);
    unbound.retain(key, suspects.keySet());
    if (suspects.isEmpty()) {
      quietLooks.beginAnew(key);
      budget.leave(key);
      survey.tidy();
      watchPinnedNodes();
      return Optional.empty();
    }
    inHand.acquire();
    try {
      return surveyed(key, suspects.keySet(), turn.factsFrom());
    } finally {
      inHand.release();
    }
  }

  private Optional<Recovered> surveyed(SetKey key, Set<String> suspects, Instant notBefore)
      throws InterruptedException {
    surveys.acquire();
    Instant begun = time.instant();
    Findings findings;
    try {
      if (ending.hasBegun()) {
        return Optional.empty();
      }
      findings = survey.of(key, suspects, notBefore);
    } finally {
      surveys.release();
    }
    return switch (findings) {
      case Findings.Unreadable(String why) -> {
        reporter.unreadable(key, why);
        budget.leave(key);
        quietLooks.again(key);
        yield Optional.empty();
      }
      case Findings.Situations(List<Situation> situations) -> judge(key, situations, begun);
    };
  }

  /** A pod that is to be refloated. */
  private record Chosen(Situation situation, Verdict.Recover verdict) {}

  /**
   * @param factsFrom when the survey began
   */
  private Optional<Recovered> judge(SetKey key, List<Situation> situations, Instant factsFrom)
      throws InterruptedException {
    Optional<String> unfinished = Unbound.in(situations);
    Optional<Chosen> chosen = Optional.empty();
    Optional<Instant> next = Optional.empty();
    boolean wantsRoom = false;
    boolean othersToo = false;
    for (Situation bare : situations) {
      Situation situation =
          complete(
              key, bare, chosen.map(each -> each.situation().pod().name()).or(() -> unfinished));
      Verdict verdict = Judge.judge(situation);
      memory.decided(situation, verdict);
      if (verdict instanceof Verdict.Recover recover) {
        // Told when it begins; the others of the set wait for it.
        chosen = chosen.or(() -> Optional.of(new Chosen(situation, recover)));
        continue;
      }
      reporter.verdict(key, situation, verdict);
      unbound
          .news(key, situation)
          .map(waited -> new Outcome.RecoveredButNotBound(situation.pod().id(), waited))
          .ifPresent(outcome -> reporter.outcome(key, Concerned.of(situation), outcome));
      if (verdict instanceof Verdict.Hold.ClaimTerminating) {
        lookAfterTerminating(key, situation);
      }
      if (verdict instanceof Verdict.Hold hold && changesByItselfOnly(hold)) {
        next = next.filter(before -> before.isBefore(hold.until().orElse(before))).or(hold::until);
      } else {
        othersToo = true;
        wantsRoom |= wantsRoom(verdict);
      }
    }
    if (chosen.isEmpty() || next.isPresent() || othersToo) {
      watchPinnedNodes();
    }
    next.ifPresent(when -> queue.at(key, when));
    if (othersToo && chosen.isEmpty()) {
      quietLooks.again(key);
    }
    if (chosen.isPresent()) {
      return recoveries.begin(key, chosen.get().situation(), chosen.get().verdict(), factsFrom);
    }
    if (wantsRoom) {
      budget.await(key);
    } else {
      budget.leave(key);
    }
    return Optional.empty();
  }

  /** Held for nothing but the others: called when it is its turn. */
  private static boolean wantsRoom(Verdict verdict) {
    return verdict instanceof Verdict.Hold.TooManyAtOnce
        || verdict instanceof Verdict.Hold.RateLimited;
  }

  /**
   * Whether nothing but its time, or an event that wakes the set, changes it. A person may clear a
   * cooldown on the claim, unseen.
   */
  private static boolean changesByItselfOnly(Verdict.Hold hold) {
    return hold.until().isPresent() && !(hold instanceof Verdict.Hold.Cooldown) && !wantsRoom(hold);
  }

  /** A claim that goes while its pod waits: by an earlier process, or by a person. */
  private void lookAfterTerminating(SetKey key, Situation situation) {
    for (PodStorage storage : situation.storage()) {
      if (storage instanceof PodStorage.Present present && present.claim().terminating()) {
        aftermath.lookAfter(
            new GivenUp(
                key,
                situation.pod().name(),
                present.claim().id(),
                present.volume().policyBeforeKept().isPresent()));
      }
    }
  }

  private Situation complete(SetKey key, Situation bare, Optional<String> inSet) {
    Situation situation = bare.with(memory.seen(key, bare, bare.observedAt()));
    return situation.with(
        budget.traffic(situation.observedAt(), inSet, new HashSet<>(memory.goneNodes())));
  }

  private void watchPinnedNodes() {
    try {
      pinnedNodes.watch(memory::nodesToWatch);
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("why", Failures.words(e))
          .log("Failed to watch the lost nodes, all grace periods start anew");
      memory.interrupted().forEach(key -> queue.at(key, time.instant().plus(NODES_AGAIN)));
    }
  }
}
