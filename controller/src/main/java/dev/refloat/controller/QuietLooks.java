package dev.refloat.controller;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When a set is looked at again although nothing has happened to it: after five seconds, ten, then
 * fifteen, more if many are held; an event that wakes the set comes sooner anyway.
 */
final class QuietLooks {

  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration AT_MOST = Duration.ofSeconds(15);

  private final InstantSource time;
  private final Queue queue;
  private final Map<SetKey, Integer> looks = new ConcurrentHashMap<>();

  QuietLooks(InstantSource time, Queue queue) {
    this.time = time;
    this.queue = queue;
  }

  void again(SetKey key) {
    int look = looks.merge(key, 1, Integer::sum);
    Duration wait = look == 1 ? FIRST : look == 2 ? FIRST.multipliedBy(2) : AT_MOST;
    queue.quietlyAt(key, time.instant().plus(wait));
  }

  /** Something has happened to the set, or nothing waits there any more. */
  void beginAnew(SetKey key) {
    looks.remove(key);
  }
}
