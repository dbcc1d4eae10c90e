package dev.refloat.controller;

import dev.refloat.controller.act.Aftermath;
import dev.refloat.controller.act.Conviction;
import dev.refloat.controller.act.GivenUp;
import dev.refloat.controller.act.Hands;
import dev.refloat.controller.act.Outcome;
import dev.refloat.controller.act.Recovered;
import dev.refloat.controller.report.Concerned;
import dev.refloat.controller.report.Reporter;
import dev.refloat.controller.survey.Findings;
import dev.refloat.controller.survey.Survey;
import dev.refloat.controller.watch.PinnedNodes;
import dev.refloat.controller.watch.StrandedPods;
import dev.refloat.recovery.Judge;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.PodStorage;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One look at one set: its stranded pods are surveyed, judged and told, and one of them refloated,
 * if that is the verdict.
 *
 * <p>There is one survey for one decision. It reads everything live, and what it convicts by is a
 * few seconds old at most when the claim goes; the pod and its node are looked at once more then.
 */
final class Looks {

  /** What a small heap can hold at once, and more than two cores can read. */
  private static final int SURVEYS_AT_ONCE = 8;

  /** Leaves a second until the claim's delete. */
  private static final Duration FRESH_ENOUGH = Hands.OLDEST_FACTS.minusSeconds(1);

  private static final Duration NODES_AGAIN = Duration.ofSeconds(5);

  private final InstantSource time;
  private final RetryAfter retryAfter;
  private final Queue queue;
  private final QuietLooks quietLooks;
  private final StrandedPods stranded;
  private final PinnedNodes pinnedNodes;
  private final Survey survey;
  private final Recoveries recoveries;
  private final Ending ending;
  private final Aftermath aftermath;
  private final Unbound unbound;
  private final LooseEnds looseEnds;
  private final Reporter reporter;
  private final Memory memory;
  private final Budget budget;

  private final Semaphore surveys = new Semaphore(SURVEYS_AT_ONCE);

  Looks(
      InstantSource time,
      RetryAfter retryAfter,
      Queue queue,
      QuietLooks quietLooks,
      StrandedPods stranded,
      PinnedNodes pinnedNodes,
      Survey survey,
      Recoveries recoveries,
      Ending ending,
      Aftermath aftermath,
      Unbound unbound,
      LooseEnds looseEnds,
      Reporter reporter,
      Memory memory,
      Budget budget) {
    this.time = time;
    this.retryAfter = retryAfter;
    this.queue = queue;
    this.quietLooks = quietLooks;
    this.stranded = stranded;
    this.pinnedNodes = pinnedNodes;
    this.survey = survey;
    this.recoveries = recoveries;
    this.ending = ending;
    this.aftermath = aftermath;
    this.unbound = unbound;
    this.looseEnds = looseEnds;
    this.reporter = reporter;
    this.memory = memory;
    this.budget = budget;
  }

  /**
   * Waits for room for one more look, so that sets wait in the queue and not in a thread each.
   * Whoever has it looks at a set, or gives it back.
   *
   * @return whether there is room
   * @throws InterruptedException if the process ends
   */
  boolean awaitRoom(Duration atMost) throws InterruptedException {
    return surveys.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  void giveRoomBack() {
    surveys.release();
  }

  /**
   * Looks at the set whose turn it is, in the room that was waited for; it is free again before
   * anything is written.
   *
   * @return a recovery whose writes are done, which is to be seen through; empty if there is none
   * @throws InterruptedException if the process ends
   */
  Optional<Recovered> of(Queue.Turn turn) throws InterruptedException {
    SetKey key = turn.key();
    Look look;
    try {
      if (turn.reason() == Queue.Reason.EVENT) {
        quietLooks.beginAnew(key);
      }
      Map<String, ObjectId> suspects = stranded.waiting(key);
      retain(key, suspects);
      if (ending.hasBegun()) {
        return Optional.empty();
      }
      Optional<Instant> leftAlone = retryAfter.until();
      if (leftAlone.isPresent() && !suspects.isEmpty()) {
        queue.at(key, leftAlone.get());
        return Optional.empty();
      }
      look = suspects.isEmpty() ? Look.NOTHING : fresh(look(key, suspects, turn.factsFrom()));
    } finally {
      giveRoomBack();
    }
    if (look.watch()) {
      watchPinnedNodes();
    }
    return look.convicted().isPresent()
        ? recoveries.begin(look.convicted().get())
        : Optional.empty();
  }

  private void retain(SetKey key, Map<String, ObjectId> suspects) {
    Set<String> uids =
        suspects.values().stream().map(ObjectId::uid).collect(Collectors.toUnmodifiableSet());
    memory.retain(key, uids);
    reporter.retain(key, uids);
    unbound.retain(key, suspects.keySet());
    looseEnds.ended(key, suspects.keySet()).forEach(recoveries::tellEnd);
    if (suspects.isEmpty()) {
      quietLooks.beginAnew(key);
      budget.leave(key);
      survey.tidy();
    }
  }

  /**
   * What came of a look: no situation, so that the facts of a whole cluster need not be held.
   *
   * @param convicted the pod that is to be refloated
   * @param inSet the pod of its set whose recovery is not at its end
   * @param watch whether other nodes are to be watched than before
   */
  private record Look(Optional<Conviction> convicted, Optional<String> inSet, boolean watch) {

    private static final Look NOTHING = new Look(Optional.empty(), Optional.empty(), true);
  }

  private Look look(SetKey key, Map<String, ObjectId> suspects, Instant notBefore) {
    return switch (survey.of(key, suspects, notBefore)) {
      case Findings.Unreadable(String why) -> unreadable(key, why);
      case Findings.Situations(List<Situation> situations, Instant factsFrom) ->
          judge(key, situations, factsFrom);
    };
  }

  private Look unreadable(SetKey key, String why) {
    reporter.unreadable(key, why);
    budget.leave(key);
    quietLooks.again(key);
    return new Look(Optional.empty(), Optional.empty(), false);
  }

  /**
   * Where a large set, or a slow API server, has made the facts old, the one pod that is to be
   * refloated is looked at once more; the same judge decides.
   */
  private Look fresh(Look look) {
    Optional<Conviction> convicted = look.convicted();
    if (convicted.filter(this::isOld).isEmpty()) {
      return look;
    }
    SetKey key = convicted.get().key();
    return switch (survey.again(key, convicted.get().pod().id())) {
      case Findings.Unreadable(String why) -> unreadable(key, why);
      case Findings.Situations(List<Situation> situations, Instant factsFrom) ->
          situations.stream()
              .findFirst()
              .map(bare -> again(key, complete(key, bare, look.inSet()), factsFrom, look))
              .orElseGet(() -> notAnyMore(key, look, false));
    };
  }

  private Look again(SetKey key, Situation situation, Instant factsFrom, Look look) {
    Verdict verdict = Judge.judge(situation);
    memory.decided(key, situation, verdict);
    if (verdict instanceof Verdict.Recover(Plan plan)) {
      return new Look(
          Optional.of(Conviction.of(key, situation, plan, factsFrom)), look.inSet(), look.watch());
    }
    reporter.verdict(key, situation.pod().id(), verdict);
    return notAnyMore(key, look, wantsRoom(verdict));
  }

  private Look notAnyMore(SetKey key, Look look, boolean wantsRoom) {
    waitForRoom(key, wantsRoom);
    quietLooks.again(key);
    return new Look(Optional.empty(), look.inSet(), true);
  }

  private boolean isOld(Conviction conviction) {
    return Duration.between(conviction.factsFrom(), time.instant()).compareTo(FRESH_ENOUGH) > 0;
  }

  private Look judge(SetKey key, List<Situation> situations, Instant factsFrom) {
    pinnedNodes.tellOverdue();
    Optional<String> unfinished = Unbound.in(situations);
    Optional<Conviction> convicted = Optional.empty();
    Optional<Instant> next = Optional.empty();
    boolean wantsRoom = false;
    boolean othersToo = false;
    for (Situation bare : situations) {
      Situation situation =
          complete(key, bare, convicted.map(each -> each.pod().name()).or(() -> unfinished));
      Verdict verdict = Judge.judge(situation);
      memory.decided(key, situation, verdict);
      if (verdict instanceof Verdict.Recover(Plan plan)) {
        // Told when it begins; the others of the set wait for it.
        convicted = convicted.or(() -> Optional.of(Conviction.of(key, situation, plan, factsFrom)));
        continue;
      }
      reporter.verdict(key, situation.pod().id(), verdict);
      unbound.news(key, situation).ifPresent(late -> tellLate(key, situation, late));
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
    next.ifPresent(when -> queue.at(key, when));
    if (convicted.isEmpty()) {
      if (othersToo) {
        quietLooks.again(key);
      }
      waitForRoom(key, wantsRoom);
    }
    return new Look(convicted, unfinished, convicted.isEmpty() || next.isPresent() || othersToo);
  }

  /** By an earlier process, as a rule: whoever has recovered it stays with it for as long. */
  private void tellLate(SetKey key, Situation situation, Unbound.Late late) {
    reporter.outcome(
        key,
        Concerned.of(situation),
        new Outcome.RecoveredButNotBound(situation.pod().id(), late.waited()));
    looseEnds.leave(Recovered.found(key, situation, late.since()));
  }

  private void waitForRoom(SetKey key, boolean wantsRoom) {
    if (wantsRoom) {
      budget.await(key);
    } else {
      budget.leave(key);
    }
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
    return situation.with(budget.traffic(key, situation.observedAt(), inSet, memory.goneNodes()));
  }

  private void watchPinnedNodes() {
    Instant again = time.instant().plus(NODES_AGAIN);
    for (String unwatched : pinnedNodes.watch(memory::nodesToWatch)) {
      memory.nodeChanged(unwatched).forEach(key -> queue.at(key, again));
    }
  }
}
