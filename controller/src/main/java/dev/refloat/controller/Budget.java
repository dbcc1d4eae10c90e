package dev.refloat.controller;

import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  /** A list of free volumes may be so much older than what is asked of us, with time to spare. */
  private static final Duration SNAPSHOTS_ARE_SHARED_FOR = Duration.ofSeconds(5);

  private final int maxConcurrent;
  private final int perMinute;
  private final Set<Place> held = new LinkedHashSet<>();
  private double tokens;
  private Instant filledAt;

  private final LinkedHashSet<SetKey> line = new LinkedHashSet<>();

  /** What each recovery gives up, until {@link #ended} and a moment longer. */
  private final Map<SetKey, GivenUp> givenUp = new HashMap<>();

  private record GivenUp(List<Claim> claims, Optional<Instant> ended) {

    boolean isForgotten(Instant now) {
      return ended
          .map(when -> Duration.between(when, now).abs())
          .filter(ago -> ago.compareTo(SNAPSHOTS_ARE_SHARED_FOR) > 0)
          .isPresent();
    }
  }

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

    private Place() {}

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
   * @param claims those that the recovery deletes: what takes their place is counted as taken until
   *     {@link #ended}, also when the place was given back long before (S45)
   */
  synchronized Optional<Place> begin(SetKey key, List<Claim> claims, Instant now) {
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
    Place place = new Place();
    held.add(place);
    givenUp.put(key, new GivenUp(List.copyOf(claims), Optional.empty()));
    return Optional.of(place);
  }

  /**
   * The recovery of that set is over: the new claims have their volumes, or nothing was deleted.
   */
  synchronized void ended(SetKey key, Instant now) {
    givenUp.computeIfPresent(
        key,
        (_, before) ->
            before.ended().isPresent() ? before : new GivenUp(before.claims(), Optional.of(now)));
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

  /**
   * What the judge needs to know of a set. What is kept for others is not there for it, and what is
   * kept for itself is.
   */
  synchronized Traffic traffic(
      SetKey key, Instant now, Optional<String> inSet, Set<String> goneNodes) {
    fill(now);
    givenUp.values().removeIf(each -> each.isForgotten(now));
    int kept = called.size() - (called.contains(key) ? 1 : 0);
    Optional<Instant> next =
        tokens >= kept + 1 ? Optional.empty() : Optional.of(tokenAt(now, kept + 1));
    return new Traffic(
        inSet,
        held.size() + kept,
        next,
        givenUp.values().stream().flatMap(each -> each.claims().stream()).toList(),
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
