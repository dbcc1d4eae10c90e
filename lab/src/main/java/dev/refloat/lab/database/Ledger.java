package dev.refloat.lab.database;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a client was promised, and what is there.
 *
 * @param promises in the order in which they were given
 * @param stored the numbers of all messages that the database has, from the first to the last
 * @param read the numbers of those that a reader was handed all along
 */
public record Ledger(List<Promise> promises, List<Long> stored, Set<Long> read) {

  /**
   * The database has acknowledged a message.
   *
   * @param number which the writer gave to it
   * @param at when the writer heard of it
   */
  public record Promise(long number, Instant at) {}

  public Ledger {
    promises = List.copyOf(promises);
    stored = List.copyOf(stored);
    read = Set.copyOf(read);
  }

  /** Returns what was acknowledged and is not there. */
  public NavigableSet<Long> lost() {
    return promisedBut(new HashSet<>(stored));
  }

  /** Returns what was acknowledged and never handed to the reader. */
  public NavigableSet<Long> unread() {
    return promisedBut(read);
  }

  private NavigableSet<Long> promisedBut(Collection<Long> some) {
    NavigableSet<Long> rest = new TreeSet<>();
    promises.forEach(promise -> rest.add(promise.number()));
    rest.removeAll(some);
    return Collections.unmodifiableNavigableSet(rest);
  }

  /** Returns what is there more than once. */
  public NavigableSet<Long> repeated() {
    Set<Long> seen = new HashSet<>();
    NavigableSet<Long> again = new TreeSet<>();
    stored.stream().filter(number -> !seen.add(number)).forEach(again::add);
    return Collections.unmodifiableNavigableSet(again);
  }

  /**
   * Returns the longest time between two moments in which nothing was acknowledged; of a pause that
   * goes over one of the two, the part between them.
   */
  public Duration longestPause(Instant from, Instant to) {
    Duration longest = Duration.ZERO;
    Instant before = from;
    for (Promise promise : promises) {
      if (promise.at().isAfter(from) && promise.at().isBefore(to)) {
        longest = longer(longest, Duration.between(before, promise.at()));
        before = promise.at();
      }
    }
    return longer(longest, Duration.between(before, to));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
