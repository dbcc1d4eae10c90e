package dev.refloat.controller;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The places of recoveries under way. One that takes longer than a minute must not keep others
 * waiting (S57): its place is given back, while its own set stays busy. Safe for use by several
 * threads.
 */
final class HeldPlaces {

  static final Duration AT_MOST = Duration.ofSeconds(60);

  private final LongSupplier nanos;

  /** Each with when it is given back at the latest. */
  private final Map<Budget.Place, Long> places = new ConcurrentHashMap<>();

  /**
   * @param nanos as {@link System#nanoTime} counts
   */
  HeldPlaces(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void hold(Budget.Place place) {
    places.put(place, nanos.getAsLong() + AT_MOST.toNanos());
  }

  /** Gives it back; a second time changes nothing. */
  void giveBack(Budget.Place place) {
    places.remove(place);
    place.close();
  }

  /** Gives back what has been held for too long; returns whether there was any. */
  boolean giveBackLate() {
    long now = nanos.getAsLong();
    boolean any = false;
    for (Map.Entry<Budget.Place, Long> held : places.entrySet()) {
      if (now - held.getValue() > 0) {
        giveBack(held.getKey());
        any = true;
      }
    }
    return any;
  }
}
