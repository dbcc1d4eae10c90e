package dev.refloat.controller;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One time for each of some sets, in order: to find the first does not go through all of them. For
 * use under somebody's lock.
 */
final class DueTimes {

  /** When a set has its time. */
  record Time(SetKey key, Instant when) {}

  private static final Comparator<Time> EARLIEST_FIRST =
      Comparator.comparing(Time::when)
          .thenComparing(time -> time.key().namespace())
          .thenComparing(time -> time.key().name());

  private final Map<SetKey, Instant> times = new HashMap<>();
  private final NavigableSet<Time> inOrder = new TreeSet<>(EARLIEST_FIRST);

  Optional<Instant> get(SetKey key) {
    return Optional.ofNullable(times.get(key));
  }

  /** Gives a set this time, whichever it had. */
  void put(SetKey key, Instant when) {
    var _ = remove(key);
    times.put(key, when);
    inOrder.add(new Time(key, when));
  }

  /** Gives a set this time, unless it has an earlier one. */
  void putEarlier(SetKey key, Instant when) {
    Instant before = times.get(key);
    if (before == null || when.isBefore(before)) {
      put(key, when);
    }
  }

  /** Takes a set's time away, and returns it. */
  Optional<Instant> remove(SetKey key) {
    Optional<Instant> before = Optional.ofNullable(times.remove(key));
    before.ifPresent(when -> inOrder.remove(new Time(key, when)));
    return before;
  }

  /** Takes a set's time away if it has come, and returns it. */
  Optional<Instant> removeIfCome(SetKey key, Instant now) {
    return get(key).filter(when -> !when.isAfter(now)).flatMap(_ -> remove(key));
  }

  /** The earliest, those of these sets passed over. */
  Optional<Time> first(Set<SetKey> but) {
    for (Time time : inOrder) {
      if (!but.contains(time.key())) {
        return Optional.of(time);
      }
    }
    return Optional.empty();
  }

  /** Takes all times away, and returns whose they were. */
  Set<SetKey> clear() {
    Set<SetKey> keys = Set.copyOf(times.keySet());
    times.clear();
    inOrder.clear();
    return keys;
  }
}
