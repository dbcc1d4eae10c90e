package dev.refloat.controller;

import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How many recoveries run at once, and how many begin in a minute; and who is next. Time is an
 * argument.
 *
 * <p>The rate is a token bucket that holds a minute's worth (S23). Who cannot begin waits in a line
 * and is called when there is room: a place that becomes free wakes one set, not all of them.
 */
final class Budget {

  /** Surveys take about so long; what asks with an older time speaks of another clock. */
  private static final Duration LATE = Duration.ofSeconds(30);

  private final int maxConcurrent;
  private final int perMinute;
  private final Set<Place> held = new LinkedHashSet<>();
  private double tokens;
  private Instant filledAt;

  private final LinkedHashSet<SetKey> line = new LinkedHashSet<>();

  /** Called, and not heard of since. Room is kept for them. */
  private final Set<SetKey> called = new HashSet<>();

  Budget(int maxConcurrent, int perMinute, Instant now) {
    this.maxConcurrent = maxConcurrent;
    this.perMinute = perMinute;
    this.tokens = perMinute;
    this.filledAt = now;
  }

  /** A place among the recoveries that run at once. */
  final class Place implements AutoCloseable {

    /** What it gives up, so that what takes their place is counted as taken (S45). */
    private final List<Claim> givenUp;

    private Place(List<Claim> givenUp) {
      this.givenUp = List.copyOf(givenUp);
    }

    /** Gives the place back; a second time changes nothing. */
    @Override
    public void close() {
      synchronized (Budget.this) {
        held.remove(this);
      }
    }
  }

  /**
   * Takes a place and a token, if both are there and nobody was called before.
   *
   * @param givenUp the claims that the recovery deletes
   */
  synchronized Optional<Place> begin(SetKey key, List<Claim> givenUp, Instant now) {
    fill(now);
    boolean expected = called.remove(key);
    if (room() < 1) {
      if (expected) {
        called.add(key);
      }
      return Optional.empty();
    }
    line.remove(key);
    tokens--;
    Place place = new Place(givenUp);
    held.add(place);
    return Optional.of(place);
  }

  /** Puts a set that cannot begin into the line; one that had been called is first again. */
  synchronized void await(SetKey key) {
    if (called.remove(key)) {
      line.addFirst(key);
    } else {
      // Keeps the place of one that waits already.
      line.add(key);
    }
  }

  /** The set does not wait, or not any more. */
  synchronized void leave(SetKey key) {
    called.remove(key);
    line.remove(key);
  }

  /**
   * Who is to be looked at when.
   *
   * @param now the sets that there is room for now; they are called
   * @param next the one that only waits for a token, and when that is there
   */
  record Calls(Set<SetKey> now, Optional<SetKey> next, Instant at) {}

  /** Calls as many as there is room for. */
  synchronized Calls call(Instant now) {
    fill(now);
    Set<SetKey> news = new LinkedHashSet<>();
    Iterator<SetKey> waiting = line.iterator();
    while (waiting.hasNext() && room() >= 1) {
      SetKey key = waiting.next();
      waiting.remove();
      called.add(key);
      news.add(key);
    }
    boolean onlyForToken = held.size() + called.size() < maxConcurrent;
    Optional<SetKey> next =
        onlyForToken && waiting.hasNext() ? Optional.of(line.getFirst()) : Optional.empty();
    return new Calls(news, next, tokenAt(now, called.size() + 1));
  }

  /** What the judge needs to know. */
  synchronized Traffic traffic(Instant now, Optional<String> inSet, Set<String> goneNodes) {
    fill(now);
    Optional<Instant> next = tokens >= 1 ? Optional.empty() : Optional.of(tokenAt(now, 1));
    return new Traffic(
        inSet,
        held.size(),
        next,
        held.stream().flatMap(place -> place.givenUp.stream()).toList(),
        goneNodes);
  }

  private int room() {
    return Math.min(maxConcurrent - held.size(), (int) tokens) - called.size();
  }

  /** When there will be that many tokens. */
  private Instant tokenAt(Instant now, int count) {
    return now.plus(
        Duration.ofMillis((long) Math.ceil(Math.max(0, count - tokens) * 60_000 / perMinute)));
  }

  private void fill(Instant now) {
    Duration elapsed = Duration.between(filledAt, now);
    if (elapsed.isNegative() && elapsed.abs().compareTo(LATE) < 0) {
      // Somebody was slow to ask. To go back would count the time in between twice.
      return;
    }
    tokens = Math.min(perMinute, tokens + Math.max(0, elapsed.toMillis()) * perMinute / 60_000.0);
    filledAt = now;
  }
}
