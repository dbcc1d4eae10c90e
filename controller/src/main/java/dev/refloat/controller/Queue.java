package dev.refloat.controller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which StatefulSet is to be looked at when. A set is handed out to one worker at a time; what
 * happens to it meanwhile makes it due again at once.
 *
 * <p>Quiet looks, those that nothing but caution asks for, are paced all together: 1,000 held pods
 * are seen every 100 s, whatever their number. What an event or a set's own time makes due is never
 * paced by them, and goes first where there is more to do than can be done.
 */
final class Queue {

  /** A blocked taker looks at the clock this often: the wall clock may jump. */
  private static final Duration TICK = Duration.ofMillis(250);

  private static final Duration BETWEEN_QUIET_LOOKS = Duration.ofMillis(100);

  /** For so long a quiet look lets everything else go first. */
  private static final Duration GIVES_WAY_FOR = Duration.ofMinutes(1);

  private final InstantSource time;
  private final DueTimes woken = new DueTimes();
  private final DueTimes due = new DueTimes();
  private final DueTimes dueUnlessTaken = new DueTimes();
  private final DueTimes quietlyDue = new DueTimes();
  private final Set<SetKey> busy = new HashSet<>();
  private Instant quietFrom = Instant.MIN;
  private Instant asleepUntil = Instant.MAX;

  Queue(InstantSource time) {
    this.time = time;
  }

  /** Why a set is due. */
  enum Reason {
    /** Something happened to it. */
    EVENT,
    /** Its own time has come: a grace is over, a place is free. */
    TIME,
    /** Nothing happened that anybody knows of. */
    QUIET
  }

  /**
   * A set to be looked at.
   *
   * @param factsFrom what is older says nothing about what made the set due
   */
  record Turn(SetKey key, Reason reason, Instant factsFrom) {}

  /**
   * @param due when it was asked for
   * @param from from when on it is handed out
   * @param rank who has the earlier one is handed out first; no later than now if it is due
   */
  private record Candidate(SetKey key, Reason reason, Instant due, Instant from, Instant rank) {}

  private static final Comparator<Candidate> ORDER =
      Comparator.comparing(Candidate::rank)
          .thenComparing(Candidate::reason)
          // All quiet looks that are late may begin at the same time: nobody is passed over.
          .thenComparing(Candidate::due);

  /** Makes a set due now, because something happened to it. */
  synchronized void wake(SetKey key) {
    woken.put(key, time.instant());
    notifyAll();
  }

  /**
   * Makes every set due now that waits for its time: times that were told mean nothing any more.
   */
  synchronized void wakeAll() {
    Instant now = time.instant();
    for (DueTimes times : List.of(due, dueUnlessTaken, quietlyDue)) {
      times.clear().forEach(key -> woken.put(key, now));
    }
    notifyAll();
  }

  /** Makes a set due at its own time, unless that is earlier. */
  synchronized void at(SetKey key, Instant when) {
    due.putEarlier(key, when);
    wakeTakerFor(when);
  }

  /**
   * Makes a set due now and before all others: something is kept free for it, which nobody can use
   * until it comes.
   */
  synchronized void beforeAll(SetKey key) {
    due.put(key, Instant.MIN);
    notifyAll();
  }

  /** Makes a set due then, unless it is taken before, whatever for. */
  synchronized void atUnlessTaken(SetKey key, Instant when) {
    dueUnlessTaken.putEarlier(key, when);
    wakeTakerFor(when);
  }

  /** Makes a set due for a quiet look then, or later if there are many. */
  synchronized void quietlyAt(SetKey key, Instant when) {
    quietlyDue.putEarlier(key, when);
    wakeTakerFor(when);
  }

  /** A taker that wakes up before then by itself need not be woken. */
  private void wakeTakerFor(Instant when) {
    if (when.isBefore(asleepUntil)) {
      notifyAll();
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /** Takes the set that has been due for longest, or nothing if none is due within a tick. */
  synchronized Optional<Turn> take() throws InterruptedException {
    long tick = System.nanoTime() + TICK.toNanos();
    Optional<Candidate> next = first();
    while (!isDue(next) && System.nanoTime() < tick) {
      // Waits a millisecond too long rather than one too short, which would be a busy wait.
      Duration asleep = untilDue(next).plusMillis(1);
      asleepUntil = time.instant().plus(asleep);
      wait(asleep.toMillis());
      next = first();
    }
    return next.filter(candidate -> isDue(Optional.of(candidate))).map(this::handOut);
  }

  /** Whatever else makes the set due now is answered by the same look; a time to come stays. */
  private Turn handOut(Candidate candidate) {
    SetKey key = candidate.key();
    Instant now = time.instant();
    if (candidate.reason() == Reason.QUIET) {
      quietFrom = now.plus(BETWEEN_QUIET_LOOKS);
    }
    busy.add(key);
    var _ = quietlyDue.remove(key);
    Optional<Instant> event = woken.remove(key);
    Optional<Instant> came = due.removeIfCome(key, now);
    Optional<Instant> untaken = dueUnlessTaken.remove(key).filter(when -> !when.isAfter(now));
    Instant factsFrom =
        Stream.of(event, came, untaken)
            .flatMap(Optional::stream)
            .max(Comparator.naturalOrder())
            .orElse(Instant.MIN);
    Reason reason =
        event.isPresent()
            ? Reason.EVENT
            : came.or(() -> untaken).isPresent() ? Reason.TIME : Reason.QUIET;
    return new Turn(key, reason, factsFrom);
  }

  /** Gives a set back. */
  synchronized void done(SetKey key) {
    busy.remove(key);
    notifyAll();
  }

  /** The set that is due next, now or later. */
  private Optional<Candidate> first() {
    Instant now = time.instant();
    return Stream.of(
            first(woken, Reason.EVENT, now),
            first(due, Reason.TIME, now),
            first(dueUnlessTaken, Reason.TIME, now),
            first(quietlyDue, Reason.QUIET, now))
        .flatMap(Optional::stream)
        .min(ORDER);
  }

  private Optional<Candidate> first(DueTimes times, Reason reason, Instant now) {
    return times
        .first(busy)
        .map(
            next -> {
              Instant from = from(reason, next.when(), now);
              return new Candidate(next.key(), reason, next.when(), from, rank(reason, from, now));
            });
  }

  /** A clock that was set back must make neither an event nor the pace of quiet looks wait. */
  private Instant from(Reason reason, Instant due, Instant now) {
    return switch (reason) {
      case EVENT -> earlier(due, now);
      case TIME -> due;
      case QUIET -> {
        boolean ofAnotherClock = quietFrom.isAfter(now.plus(BETWEEN_QUIET_LOOKS));
        yield quietFrom.isAfter(due) && !ofAnotherClock ? quietFrom : due;
      }
    };
  }

  private static Instant rank(Reason reason, Instant from, Instant now) {
    return reason == Reason.QUIET && !from.isAfter(now)
        ? earlier(from.plus(GIVES_WAY_FOR), now)
        : from;
  }

  private boolean isDue(Optional<Candidate> candidate) {
    return candidate.filter(each -> !each.from().isAfter(time.instant())).isPresent();
  }

  private Duration untilDue(Optional<Candidate> candidate) {
    return candidate
        .map(each -> Duration.between(time.instant(), each.from()))
        .filter(wait -> wait.compareTo(TICK) < 0)
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .orElse(TICK);
  }
}
