package dev.refloat.controller;

import dev.refloat.controller.act.Aftermath;
import dev.refloat.controller.act.Follow;
import dev.refloat.controller.act.GivenUp;
import dev.refloat.controller.act.Hands;
import dev.refloat.controller.act.Outcome;
import dev.refloat.controller.report.Audit;
import dev.refloat.controller.report.Reporter;
import dev.refloat.controller.survey.Findings;
import dev.refloat.controller.survey.Survey;
import dev.refloat.controller.watch.PinnedNodes;
import dev.refloat.controller.watch.StrandedPods;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Judge;
import dev.refloat.recovery.LostClaim;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the data: a set becomes due, its stranded pods are surveyed, judged, told, and one of
 * them refloated, if that is the verdict.
 *
 * <p>There is one survey for one decision. It reads everything live, and what it convicts by is a
 * few seconds old at most when the claim goes; the pod and its node are looked at once more then.
 *
 * <p>Each set has one worker at a time, which stays with a recovery until its pod is bound: so
 * there is one recovery per set. Timers drive what events do not, because an unchanged scheduler
 * message does not update the pod.
 */
final class Loop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN_AT_MOST = Duration.ofSeconds(15);

  /** What a small heap can hold at once, and more than two cores can read. */
  private static final int SURVEYS_AT_ONCE = 8;

  /** More than this between two ticks, on either clock, and nobody was looking. */
  private static final Duration INTERRUPTION = Duration.ofSeconds(5);

  private static final Duration BETWEEN_LOOKS_AROUND = Duration.ofSeconds(30);
  private static final Duration PLACE_HELD_FOR = Duration.ofSeconds(60);
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(8);

  private final InstantSource time;
  private final Queue queue;
  private final StrandedPods stranded;
  private final PinnedNodes pinnedNodes;
  private final Survey survey;
  private final Hands hands;
  private final Follow follow;
  private final Ending ending;
  private final Aftermath aftermath;
  private final Unbound unbound;
  private final Reporter reporter;
  private final Memory memory;
  private final Budget budget;
  private final boolean dryRun;

  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore surveys = new Semaphore(SURVEYS_AT_ONCE, true);

  /** The places of recoveries under way, with when each is given back at the latest. */
  private final Map<Budget.Place, Long> places = new ConcurrentHashMap<>();

  private final Map<SetKey, Integer> quietLooks = new ConcurrentHashMap<>();

  /** Pods, by UID, whose plan a dry run has told. */
  private final Set<String> rehearsed = ConcurrentHashMap.newKeySet();

  private final Thread dispatcher;

  /** In ticks of {@link System#nanoTime}; read and written by the dispatcher only. */
  private long lookedAroundAt = System.nanoTime() - BETWEEN_LOOKS_AROUND.toNanos();

  Loop(
      InstantSource time,
      Queue queue,
      StrandedPods stranded,
      PinnedNodes pinnedNodes,
      Survey survey,
      Hands hands,
      Follow follow,
      Ending ending,
      Aftermath aftermath,
      Unbound unbound,
      Reporter reporter,
      Memory memory,
      Budget budget,
      boolean dryRun) {
    this.time = time;
    this.queue = queue;
    this.stranded = stranded;
    this.pinnedNodes = pinnedNodes;
    this.survey = survey;
    this.hands = hands;
    this.follow = follow;
    this.ending = ending;
    this.aftermath = aftermath;
    this.unbound = unbound;
    this.reporter = reporter;
    this.memory = memory;
    this.budget = budget;
    this.dryRun = dryRun;
    this.dispatcher = Thread.ofPlatform().name("dispatcher").unstarted(this::dispatch);
  }

  void start() {
    dispatcher.start();
  }

  /**
   * Lets nothing new begin, and ends what is under way between two writes: no request is cut off,
   * so that what came of it is known.
   */
  @Override
  public void close() {
    dispatcher.interrupt();
    ending.begin();
    workers.shutdown();
    try {
      if (!workers.awaitTermination(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        log.warn(
            "Failed to end all work in time, the next start goes on from what the cluster shows");
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() {
    try {
      Instant wall = time.instant();
      long ticks = System.nanoTime();
      while (!ending.hasBegun()) {
        lookAroundIfDue();
        giveBackLatePlaces();
        Optional<Queue.Turn> next = queue.take();
        noticeInterruption(wall, ticks);
        wall = time.instant();
        ticks = System.nanoTime();
        next.ifPresent(turn -> workers.execute(() -> work(turn)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RejectedExecutionException e) {
      log.debug("Nothing new begins, the process ends");
    }
  }

  /** In a thread of its own: a slow answer must not hold the queue up. */
  private void lookAroundIfDue() {
    if (Duration.ofNanos(System.nanoTime() - lookedAroundAt).compareTo(BETWEEN_LOOKS_AROUND) < 0) {
      return;
    }
    lookedAroundAt = System.nanoTime();
    workers.execute(
        () -> {
          try {
            survey.lookAround();
          } catch (KubernetesClientException e) {
            log.atWarn()
                .addKeyValue("why", Failures.words(e))
                .log("Failed to look which nodes are alive, looking again");
          }
          aftermath.look(time.instant());
        });
  }

  /** Asleep, suspended, or the clock was set: no decision on what was seen before (S51). */
  private void noticeInterruption(Instant wall, long ticks) {
    Duration byWall = Duration.between(wall, time.instant());
    Duration byTicks = Duration.ofNanos(System.nanoTime() - ticks);
    boolean pause = byWall.compareTo(INTERRUPTION) > 0 || byTicks.compareTo(INTERRUPTION) > 0;
    boolean jump = byWall.minus(byTicks).abs().compareTo(INTERRUPTION) > 0;
    if (pause || jump) {
      log.atWarn()
          .addKeyValue("seconds", byWall.toMillis() / 1000.0)
          .log("The process was paused or the clock was set, all grace periods start anew");
      survey.looksInterrupted();
      memory.interrupted().forEach(queue::wake);
    }
  }

  private void work(Queue.Turn turn) {
    SetKey key = turn.key();
    try {
      look(turn);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("namespace", key.namespace())
          .addKeyValue("statefulset", key.name())
          .setCause(e)
          .log("Failed to work on a StatefulSet, looking again");
      budget.leave(key);
      queue.at(key, time.instant().plus(LOOK_AGAIN_AT_MOST));
    } finally {
      queue.done(key);
      callNext();
    }
  }

  private void look(Queue.Turn turn) throws InterruptedException {
    SetKey key = turn.key();
    if (turn.reason() == Queue.Reason.EVENT) {
      quietLooks.remove(key);
    }
    Map<String, ObjectId> suspects = stranded.waiting(key);
    Set<String> uids =
        suspects.values().stream().map(ObjectId::uid).collect(Collectors.toUnmodifiableSet());
    memory.retain(key, uids);
    reporter.retain(key, uids);
    unbound.retain(key, suspects.keySet());
    if (suspects.isEmpty()) {
      quietLooks.remove(key);
      budget.leave(key);
      survey.tidy();
      watchPinnedNodes();
      return;
    }
    surveys.acquire();
    Instant begun = time.instant();
    Findings findings;
    try {
      if (ending.hasBegun()) {
        return;
      }
      findings = survey.of(key, suspects.keySet(), turn.factsFrom());
    } finally {
      surveys.release();
    }
    switch (findings) {
      case Findings.Unreadable(String why) -> {
        reporter.unreadable(key, why);
        budget.leave(key);
        lookAgainLater(key);
      }
      case Findings.Situations(List<Situation> situations) -> judge(key, situations, begun);
    }
  }

  /** A pod that is to be refloated. */
  private record Chosen(Situation situation, Verdict.Recover verdict) {}

  /**
   * @param factsFrom when the survey began
   */
  private void judge(SetKey key, List<Situation> situations, Instant factsFrom)
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
          .ifPresent(outcome -> reporter.outcome(key, situation, outcome));
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
      lookAgainLater(key);
    }
    if (chosen.isPresent()) {
      refloat(key, chosen.get(), factsFrom);
    } else if (wantsRoom) {
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

  private void refloat(SetKey key, Chosen chosen, Instant factsFrom) throws InterruptedException {
    Situation situation = chosen.situation();
    Plan plan = chosen.verdict().plan();
    if (dryRun) {
      reporter.verdict(key, situation, chosen.verdict());
      if (rehearsed.add(situation.pod().id().uid())) {
        reporter.audit(key, situation, plan).rehearsed(plan);
        reporter.outcome(key, situation, new Outcome.Rehearsed());
      }
      lookAgainLater(key);
      return;
    }
    Optional<Budget.Place> place =
        budget.begin(
            key, situation.lostClaims().stream().map(LostClaim::claim).toList(), time.instant());
    if (place.isEmpty()) {
      budget.await(key);
      lookAgainLater(key);
      return;
    }
    try {
      places.put(place.get(), System.nanoTime() + PLACE_HELD_FOR.toNanos());
      reporter.verdict(key, situation, chosen.verdict());
      Outcome outcome = carryOut(key, situation, plan, factsFrom, place.get());
      reporter.outcome(key, situation, outcome);
      afterwards(key, situation, plan, outcome);
    } finally {
      giveBack(place.get());
    }
  }

  private Outcome carryOut(
      SetKey key, Situation situation, Plan plan, Instant factsFrom, Budget.Place place)
      throws InterruptedException {
    Instant begun = time.instant();
    Audit audit = reporter.audit(key, situation, plan);
    return switch (hands.carryOut(situation, plan, factsFrom, audit)) {
      case Hands.Carried.Stopped(Outcome outcome) -> outcome;
      case Hands.Carried.Out(var deleted) -> {
        giveBack(place);
        yield follow.untilBound(key, situation, plan, begun, deleted);
      }
    };
  }

  private void giveBack(Budget.Place place) {
    places.remove(place);
    place.close();
    callNext();
  }

  /** A recovery that takes longer must not keep others waiting (S57); the set's own turn stays. */
  private void giveBackLatePlaces() {
    long now = System.nanoTime();
    places.forEach(
        (place, late) -> {
          if (now - late > 0) {
            giveBack(place);
          }
        });
  }

  /** Looks at those that there is room for, and at no other: one free place wakes one set. */
  private void callNext() {
    Instant now = time.instant();
    Budget.Calls calls = budget.call(now);
    calls.now().forEach(key -> queue.at(key, now));
    calls.next().ifPresent(key -> queue.at(key, calls.at()));
  }

  private void afterwards(SetKey key, Situation situation, Plan plan, Outcome outcome) {
    switch (outcome) {
      case Outcome.Refloated _ -> queue.wake(key);
      case Outcome.RecoveredButNotBound _ -> {
        var _ = unbound.told(key, situation.pod().name());
        queue.at(key, time.instant().plus(LOOK_AGAIN));
      }
      // Not at once: what moves again and again must not use up everybody's budget.
      case Outcome.Abandoned _, Outcome.Fenced _ -> queue.at(key, time.instant().plus(LOOK_AGAIN));
      case Outcome.Failed _, Outcome.WaitingForClaim _ -> {
        lookAfter(key, situation, plan);
        aftermath.doubt(time.instant());
        queue.at(key, time.instant().plus(LOOK_AGAIN));
      }
      case Outcome.ClaimDoomed _ -> {
        lookAfter(key, situation, plan);
        aftermath.look(time.instant());
        queue.at(key, time.instant().plus(LOOK_AGAIN));
      }
      case Outcome.Rehearsed() -> lookAgainLater(key);
    }
  }

  /** The pod may get a node and leave the watch while its claim still goes. */
  private void lookAfter(SetKey key, Situation situation, Plan plan) {
    Set<String> kept =
        plan.steps().stream()
            .filter(Plan.Step.KeepData.class::isInstance)
            .map(step -> ((Plan.Step.KeepData) step).owner().claimUid())
            .collect(Collectors.toUnmodifiableSet());
    for (Plan.Step step : plan.steps()) {
      if (step instanceof Plan.Step.DeleteClaim(ObjectId claim, _)) {
        aftermath.lookAfter(
            new GivenUp(key, situation.pod().name(), claim, kept.contains(claim.uid())));
      }
    }
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

  /**
   * Five seconds, doubling to fifteen, more if many are held; an event that wakes the set comes
   * sooner anyway.
   */
  private void lookAgainLater(SetKey key) {
    int looks = quietLooks.merge(key, 1, Integer::sum);
    Duration wait =
        looks == 1 ? LOOK_AGAIN : looks == 2 ? LOOK_AGAIN.multipliedBy(2) : LOOK_AGAIN_AT_MOST;
    queue.quietlyAt(key, time.instant().plus(wait));
  }

  private void watchPinnedNodes() {
    try {
      pinnedNodes.watch(memory::nodesToWatch);
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("why", Failures.words(e))
          .log("Failed to watch the lost nodes, all grace periods start anew");
      memory.interrupted().forEach(key -> queue.at(key, time.instant().plus(LOOK_AGAIN)));
    }
  }
}
