package dev.refloat.controller;

import dev.refloat.controller.act.Follow;
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
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of the data: a set becomes due, its stranded pods are surveyed, judged, told, and, if the
 * verdict still stands after a second survey that reads everything anew, refloated.
 *
 * <p>Each set has one worker at a time, which stays with a recovery until its pod is bound: so
 * there is one recovery per set. Timers drive what events do not, because an unchanged scheduler
 * message does not update the pod.
 */
final class Loop implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Loop.class);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN_AT_MOST = Duration.ofSeconds(15);

  /** Ten surveys a second, all sets together. */
  private static final Duration BETWEEN_SURVEYS = Duration.ofMillis(100);

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
  private final Reporter reporter;
  private final Memory memory;
  private final Budget budget;
  private final boolean dryRun;

  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
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
    this.reporter = reporter;
    this.memory = memory;
    this.budget = budget;
    this.dryRun = dryRun;
    this.dispatcher = Thread.ofPlatform().name("dispatcher").unstarted(this::dispatch);
  }

  void start() {
    dispatcher.start();
  }

  /** Lets nothing new begin, and ends what is under way between two writes. */
  @Override
  public void close() {
    dispatcher.interrupt();
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        log.warn(
            "Failed to end all work in time, the next start goes on from what the cluster shows");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dispatch() {
    try {
      Instant wall = time.instant();
      long ticks = System.nanoTime();
      while (!Thread.currentThread().isInterrupted()) {
        lookAroundIfDue();
        Optional<SetKey> next = queue.take();
        noticeInterruption(wall, ticks);
        wall = time.instant();
        ticks = System.nanoTime();
        if (next.isPresent()) {
          SetKey key = next.get();
          workers.execute(() -> work(key));
          Thread.sleep(BETWEEN_SURVEYS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private void work(SetKey key) {
    try {
      look(key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("namespace", key.namespace())
          .addKeyValue("statefulset", key.name())
          .setCause(e)
          .log("Failed to work on a StatefulSet, looking again");
      queue.at(key, time.instant().plus(LOOK_AGAIN_AT_MOST));
    } finally {
      queue.done(key);
    }
  }

  private void look(SetKey key) throws InterruptedException {
    Optional<Instant> woken = queue.wokenAt(key);
    if (woken.isPresent()) {
      quietLooks.remove(key);
    }
    Map<String, ObjectId> suspects = stranded.waiting(key);
    Set<String> uids = suspects.values().stream().map(ObjectId::uid).collect(Collectors.toSet());
    memory.retain(key, uids);
    reporter.retain(key, uids);
    if (suspects.isEmpty()) {
      quietLooks.remove(key);
      survey.tidy();
      watchPinnedNodes();
      return;
    }
    Set<String> names = suspects.keySet();
    switch (survey.of(key, names, woken.orElse(Instant.MIN))) {
      case Findings.Unreadable(String why) -> {
        reporter.unreadable(key, why);
        lookAgainLater(key);
      }
      case Findings.Situations(List<Situation> situations) -> judge(key, names, situations);
    }
  }

  private void judge(SetKey key, Set<String> names, List<Situation> situations)
      throws InterruptedException {
    Optional<String> chosen = Optional.empty();
    Optional<Instant> next = Optional.empty();
    boolean othersToo = false;
    for (Situation bare : situations) {
      Situation situation = complete(key, bare, chosen);
      Verdict verdict = Judge.judge(situation);
      memory.decided(situation, verdict);
      if (verdict instanceof Verdict.Recover) {
        // Told when it is known to stand; the others of the set wait for it.
        chosen = chosen.or(() -> Optional.of(situation.pod().name()));
        continue;
      }
      reporter.verdict(key, situation, verdict);
      if (verdict instanceof Verdict.Hold hold && changesByItselfOnly(hold)) {
        next = next.filter(before -> before.isBefore(hold.until().orElse(before))).or(hold::until);
      } else {
        othersToo = true;
      }
    }
    watchPinnedNodes();
    next.ifPresent(when -> queue.at(key, when));
    if (chosen.isPresent()) {
      refloat(key, names, chosen.get());
    } else if (othersToo) {
      lookAgainLater(key);
    }
  }

  /**
   * Whether nothing but its time, or an event that wakes the set, changes it. A person may clear a
   * cooldown on the claim, unseen.
   */
  private static boolean changesByItselfOnly(Verdict.Hold hold) {
    return hold.until().isPresent() && !(hold instanceof Verdict.Hold.Cooldown);
  }

  /** Looks again at everything, live, and acts only if the verdict is the same. */
  private void refloat(SetKey key, Set<String> names, String pod) throws InterruptedException {
    Findings findings = survey.of(key, names, time.instant());
    if (findings instanceof Findings.Unreadable(String why)) {
      reporter.unreadable(key, why);
      lookAgainLater(key);
      return;
    }
    Optional<Situation> again =
        ((Findings.Situations) findings)
            .situations().stream()
                .filter(situation -> situation.pod().name().equals(pod))
                .findFirst()
                .map(situation -> complete(key, situation, Optional.empty()));
    if (again.isEmpty()) {
      queue.wake(key);
      return;
    }
    Situation situation = again.get();
    Verdict verdict = Judge.judge(situation);
    if (!(verdict instanceof Verdict.Recover(Plan plan))) {
      memory.decided(situation, verdict);
      reporter.verdict(key, situation, verdict);
      queue.at(key, time.instant().plus(BETWEEN_SURVEYS));
      return;
    }
    if (dryRun) {
      reporter.verdict(key, situation, verdict);
      if (rehearsed.add(situation.pod().id().uid())) {
        reporter.audit(key, situation, plan).rehearsed(plan);
        reporter.outcome(key, situation, new Outcome.Rehearsed());
      }
      lookAgainLater(key);
      return;
    }
    Optional<Budget.Place> place = budget.begin(time.instant());
    if (place.isEmpty()) {
      queue.at(key, time.instant().plus(BETWEEN_SURVEYS));
      return;
    }
    try (Budget.Place held = place.get()) {
      reporter.verdict(key, situation, verdict);
      Outcome outcome = carryOut(key, situation, plan, held);
      reporter.outcome(key, situation, outcome);
      afterwards(key, outcome);
    }
  }

  private Outcome carryOut(SetKey key, Situation situation, Plan plan, Budget.Place place)
      throws InterruptedException {
    Instant begun = time.instant();
    Audit audit = reporter.audit(key, situation, plan);
    // A recovery that takes longer must not keep others waiting (S57); the set's own turn stays.
    var late = workers.submit(() -> releaseLate(place));
    try {
      Hands.Carried carried = hands.carryOut(situation, plan, audit);
      place.close();
      return switch (carried) {
        case Hands.Carried.Stopped(Outcome outcome) -> outcome;
        case Hands.Carried.Out() -> follow.untilBound(situation, plan, begun);
      };
    } finally {
      late.cancel(true);
    }
  }

  private static boolean releaseLate(Budget.Place place) throws InterruptedException {
    Thread.sleep(PLACE_HELD_FOR);
    place.close();
    return true;
  }

  private void afterwards(SetKey key, Outcome outcome) {
    switch (outcome) {
      case Outcome.Refloated _ -> queue.wake(key);
      // Not at once: what moves again and again must not use up everybody's budget.
      case Outcome.Abandoned _ -> lookAgainLater(key);
      case Outcome.Failed _,
          Outcome.WaitingForClaim _,
          Outcome.RecoveredButNotBound _,
          Outcome.ClaimDoomed _ ->
          queue.at(key, time.instant().plus(LOOK_AGAIN));
      case Outcome.Rehearsed() -> lookAgainLater(key);
    }
  }

  private Situation complete(SetKey key, Situation bare, Optional<String> inSet) {
    Situation situation = bare.with(memory.seen(key, bare, bare.observedAt()));
    return situation.with(
        budget.traffic(situation.observedAt(), inSet, new HashSet<>(memory.goneNodes())));
  }

  /** Five seconds, doubling to fifteen; an event that wakes the set comes sooner anyway. */
  private void lookAgainLater(SetKey key) {
    int looks = quietLooks.merge(key, 1, Integer::sum);
    Duration wait =
        looks == 1 ? LOOK_AGAIN : looks == 2 ? LOOK_AGAIN.multipliedBy(2) : LOOK_AGAIN_AT_MOST;
    queue.at(key, time.instant().plus(wait));
  }

  private void watchPinnedNodes() {
    try {
      pinnedNodes.watch(memory::nodesToWatch);
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("why", Failures.words(e))
          .log("Failed to watch a lost node, all grace periods start anew");
      memory.interrupted().forEach(key -> queue.at(key, time.instant().plus(LOOK_AGAIN)));
    }
  }
}
