package dev.refloat.controller;

import dev.refloat.controller.act.Aftermath;
import dev.refloat.controller.act.Conviction;
import dev.refloat.controller.act.Follow;
import dev.refloat.controller.act.GivenUp;
import dev.refloat.controller.act.Hands;
import dev.refloat.controller.act.Outcome;
import dev.refloat.controller.act.Recovered;
import dev.refloat.controller.report.Audit;
import dev.refloat.controller.report.Concerned;
import dev.refloat.controller.report.Reporter;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import dev.refloat.recovery.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The recoveries under way, from the first write until it is known how each ended; each holds a
 * place in the budget until its last delete has gone out.
 */
final class Recoveries {

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final InstantSource time;
  private final Queue queue;
  private final QuietLooks quietLooks;
  private final Hands hands;
  private final Follow follow;
  private final Aftermath aftermath;
  private final Unbound unbound;
  private final LooseEnds looseEnds;
  private final Reporter reporter;
  private final Budget budget;
  private final boolean dryRun;

  private final HeldPlaces places = new HeldPlaces(System::nanoTime);

  /** Pods, by UID, whose plan a dry run has told. */
  private final Set<String> rehearsed = ConcurrentHashMap.newKeySet();

  Recoveries(
      InstantSource time,
      Queue queue,
      QuietLooks quietLooks,
      Hands hands,
      Follow follow,
      Aftermath aftermath,
      Unbound unbound,
      LooseEnds looseEnds,
      Reporter reporter,
      Budget budget,
      boolean dryRun) {
    this.time = time;
    this.queue = queue;
    this.quietLooks = quietLooks;
    this.hands = hands;
    this.follow = follow;
    this.aftermath = aftermath;
    this.unbound = unbound;
    this.looseEnds = looseEnds;
    this.reporter = reporter;
    this.budget = budget;
    this.dryRun = dryRun;
  }

  /**
   * Refloats a pod, as far as writes go.
   *
   * @return what is to be {@linkplain #seeThrough seen through}; empty if there is nothing
   * @throws InterruptedException if the process ends
   */
  Optional<Recovered> begin(Conviction conviction) throws InterruptedException {
    SetKey key = conviction.key();
    Plan plan = conviction.plan();
    Concerned about = conviction.about();
    Verdict verdict = new Verdict.Recover(plan);
    if (dryRun) {
      reporter.verdict(key, about.pod(), verdict);
      if (rehearsed.add(about.pod().uid())) {
        reporter.audit(key, about, plan).rehearsed(plan);
        reporter.outcome(key, about, new Outcome.Rehearsed());
      }
      quietLooks.again(key);
      return Optional.empty();
    }
    Optional<Budget.Place> place = budget.begin(key, conviction.lostClaims(), time.instant());
    if (place.isEmpty()) {
      budget.await(key);
      quietLooks.again(key);
      return Optional.empty();
    }
    Instant begun = time.instant();
    looseEnds.takeUp(key, about.pod().name());
    try {
      places.hold(place.get());
      reporter.verdict(key, about.pod(), verdict);
      Audit audit = reporter.audit(key, about, plan);
      return switch (hands.carryOut(conviction, audit)) {
        case Hands.Carried.Out(var deleted, var claimsGone) -> {
          claimsGone.ifPresent(gone -> reporter.claimsGone(key, conviction.pod(), begun, gone));
          yield Optional.of(Recovered.of(conviction, begun, deleted, claimsGone));
        }
        case Hands.Carried.Stopped(Outcome outcome) -> {
          reporter.outcome(key, about, outcome);
          if (outcome instanceof Outcome.WaitingForClaim) {
            looseEnds.leave(Recovered.of(conviction, begun, Optional.empty(), Optional.empty()));
          }
          stopped(key, about.pod().name(), plan, outcome);
          yield Optional.empty();
        }
      };
    } finally {
      places.giveBack(place.get());
      callNext();
    }
  }

  /**
   * Stays with a recovery until its pod is bound, or it is clear that something keeps it.
   *
   * @throws InterruptedException if the process ends
   */
  void seeThrough(Recovered recovered) throws InterruptedException {
    SetKey key = recovered.key();
    Outcome outcome = follow.untilBound(recovered);
    tell(recovered, outcome);
    if (outcome instanceof Outcome.RecoveredButNotBound) {
      var _ = unbound.told(key, recovered.about().pod().name());
      looseEnds.leave(recovered);
      quietLooks.again(key);
    } else {
      queue.wake(key);
    }
  }

  /**
   * Tells of a recovery that was left before its end, and whose pod waits no more, if it is bound.
   */
  void tellEnd(Recovered recovered) {
    follow.bound(recovered).ifPresent(outcome -> tell(recovered, outcome));
  }

  private void tell(Recovered recovered, Outcome outcome) {
    if (outcome instanceof Outcome.Refloated) {
      recovered.claimsGone().ifPresent(gone -> reporter.bound(gone, time.instant()));
    }
    reporter.outcome(recovered.key(), recovered.about(), outcome);
  }

  /** Lets others begin where a recovery takes too long. */
  void giveBackLatePlaces() {
    if (places.giveBackLate()) {
      callNext();
    }
  }

  /** Looks at those that there is room for, and at no other: one free place wakes one set. */
  void callNext() {
    Instant now = time.instant();
    Budget.Calls calls = budget.call(now);
    calls.now().forEach(queue::beforeAll);
    calls.next().ifPresent(key -> queue.at(key, calls.at()));
  }

  private void stopped(SetKey key, String pod, Plan plan, Outcome outcome) {
    switch (outcome) {
      case Outcome.Failed _, Outcome.WaitingForClaim _ -> {
        lookAfter(key, pod, plan);
        aftermath.doubt(time.instant());
      }
      case Outcome.ClaimDoomed _ -> {
        lookAfter(key, pod, plan);
        aftermath.look(time.instant());
      }
      case Outcome.Abandoned _,
          Outcome.Fenced _,
          Outcome.Refloated _,
          Outcome.RecoveredButNotBound _,
          Outcome.Rehearsed _ -> {}
    }
    // Not at once: what moves again and again must not use up everybody's budget.
    queue.at(key, time.instant().plus(LOOK_AGAIN));
  }

  /** The pod may get a node and leave the watch while its claim still goes. */
  private void lookAfter(SetKey key, String pod, Plan plan) {
    Set<String> kept =
        plan.steps().stream()
            .filter(Plan.Step.KeepData.class::isInstance)
            .map(step -> ((Plan.Step.KeepData) step).owner().claimUid())
            .collect(Collectors.toUnmodifiableSet());
    for (Plan.Step step : plan.steps()) {
      if (step instanceof Plan.Step.DeleteClaim(ObjectId claim, _)) {
        aftermath.lookAfter(new GivenUp(key, pod, claim, kept.contains(claim.uid())));
      }
    }
  }
}
