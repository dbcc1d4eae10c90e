package dev.refloat.controller.survey;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Answers of the API server, by key, shared by all surveys for a while. Who asks while the same is
 * being asked waits for that answer.
 *
 * @param <K> what is asked for
 * @param <V> the answer
 */
final class Shared<K, V> {

  private final Duration sharedFor;
  private final InstantSource time;
  private final Function<K, V> read;
  private final Map<K, Slot<V>> slots = new ConcurrentHashMap<>();

  /** One key's last answer. Its lock is held while the API server is asked. */
  private static final class Slot<V> {
    private volatile Optional<Answer<V>> answer = Optional.empty();
  }

  /**
   * @param asked before the question went out, so that everything older is known to be in it
   */
  private record Answer<V>(V value, Instant asked) {}

  /**
   * @param read asks the API server; what it throws goes to who asked, and nothing is shared
   */
  Shared(Duration sharedFor, InstantSource time, Function<K, V> read) {
    this.sharedFor = sharedFor;
    this.time = time;
    this.read = read;
  }

  /** Returns an answer that is young enough to be shared and was not asked for before that time. */
  V get(K key, Instant notBefore) {
    tidy();
    Slot<V> slot = slots.computeIfAbsent(key, _ -> new Slot<>());
    synchronized (slot) {
      Instant now = time.instant();
      Optional<Answer<V>> shared =
          slot.answer.filter(answer -> young(answer, now) && !answer.asked().isBefore(notBefore));
      if (shared.isPresent()) {
        return shared.get().value();
      }
      Answer<V> fresh = new Answer<>(read.apply(key), now);
      slot.answer = Optional.of(fresh);
      return fresh.value();
    }
  }

  /** Forgets what is too old to be shared: a namespace of 5,000 pods is not kept for nobody. */
  void tidy() {
    Instant now = time.instant();
    slots.values().removeIf(slot -> slot.answer.filter(answer -> !young(answer, now)).isPresent());
  }

  private boolean young(Answer<V> answer, Instant now) {
    return answer.asked().isAfter(now.minus(sharedFor)) && !answer.asked().isAfter(now);
  }
}
