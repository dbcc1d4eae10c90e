package dev.refloat.controller;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which StatefulSet is to be looked at when. A set is handed out to one worker at a time; what
 * happens to it meanwhile makes it due again at once.
 */
final class Queue {

  /** A blocked taker looks at the clock this often: the wall clock may jump. */
  private static final Duration TICK = Duration.ofMillis(250);

  private final InstantSource time;
  private final Map<SetKey, Instant> due = new HashMap<>();
  private final Map<SetKey, Instant> wokenAt = new HashMap<>();
  private final Set<SetKey> busy = new HashSet<>();

  Queue(InstantSource time) {
    this.time = time;
  }

  /** Makes a set due now. */
  synchronized void wake(SetKey key) {
    due.put(key, Instant.MIN);
    wokenAt.put(key, time.instant());
    notifyAll();
  }

  /** Makes a set due then, unless it is due earlier. */
  synchronized void at(SetKey key, Instant when) {
    due.merge(key, when, (before, now) -> before.isBefore(now) ? before : now);
    notifyAll();
  }

  /** Takes the set that has been due for longest, or nothing if none is due within a tick. */
  synchronized Optional<SetKey> take() throws InterruptedException {
    Optional<SetKey> next = next();
    long tick = System.nanoTime() + TICK.toNanos();
    while (next.isEmpty() && System.nanoTime() < tick) {
      wait(TICK.toMillis());
      next = next();
    }
    next.ifPresent(
        key -> {
          due.remove(key);
          busy.add(key);
        });
    return next;
  }

  /** When something last happened to the set since this was asked; empty if nothing did. */
  synchronized Optional<Instant> wokenAt(SetKey key) {
    return Optional.ofNullable(wokenAt.remove(key));
  }

  /** Gives a set back. */
  synchronized void done(SetKey key) {
    busy.remove(key);
    notifyAll();
  }

  private Optional<SetKey> next() {
    Instant now = time.instant();
    return due.entrySet().stream()
        .filter(entry -> !busy.contains(entry.getKey()) && !entry.getValue().isAfter(now))
        .min(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .map(Map.Entry::getKey);
  }
}
