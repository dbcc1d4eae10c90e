package dev.refloat.controller.survey;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Answers of the API server, by key, shared by all surveys for a while after they came, so that
 * what takes long is not asked again and again without a pause. Who asks while the same is being
 * asked waits for that answer.
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

    /** Whether somebody is asking: then the slot is not to be forgotten, however old its answer. */
    private volatile boolean asking;
  }

  /**
   * @param asked before the question went out, so that everything older is known to be in it
   * @param came when it was there
   */
  record Answer<V>(V value, Instant asked, Instant came) {}

  /**
   * @param read asks the API server; what it throws goes to who asked, and nothing is shared
   */
  Shared(Duration sharedFor, InstantSource time, Function<K, V> read) {
    this.sharedFor = sharedFor;
    this.time = time;
    this.read = read;
  }

  /**
   * Returns an answer that was young enough to be shared when this was called, and was not asked
   * for before that time. Who has to wait for another one's answer may have it, however long it
   * takes: it is younger than the call.
   */
  Answer<V> get(K key, Instant notBefore) {
    Instant called = time.instant();
    tidy();
    Slot<V> slot = slots.computeIfAbsent(key, _ -> new Slot<>());
    synchronized (slot) {
      Optional<Answer<V>> shared =
          slot.answer
              .filter(answer -> isYoung(answer, called) && !answer.asked().isBefore(notBefore))
              .filter(answer -> !answer.asked().isAfter(time.instant()));
      if (shared.isPresent()) {
        return shared.get();
      }
      slot.asking = true;
      try {
        Instant asked = time.instant();
        V value = read.apply(key);
        Answer<V> fresh = new Answer<>(value, asked, time.instant());
        slot.answer = Optional.of(fresh);
        return fresh;
      } finally {
        slot.asking = false;
      }
    }
  }

  /** Forgets what is too old to be shared: a namespace of 5,000 pods is not kept for nobody. */
  void tidy() {
    Instant now = time.instant();
    slots
        .values()
        .removeIf(
            slot ->
                !slot.asking && slot.answer.filter(answer -> !isYoung(answer, now)).isPresent());
  }

  private boolean isYoung(Answer<V> answer, Instant now) {
    return answer.came().isAfter(now.minus(sharedFor));
  }
}
