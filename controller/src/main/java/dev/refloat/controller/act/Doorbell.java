package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What the watch of stranded pods tells those who wait for one pod: when it is worth a look.
 *
 * <p>The one stream that is open anyway serves all recoveries at once, where a watch of each pod
 * would cost a connection each. It is a hint: what the watch does not show is looked at after a
 * while even if nobody rings.
 */
public final class Doorbell {

  private final Map<SetKey, Semaphore> waiting = new ConcurrentHashMap<>();

  /** Something happened to a stranded pod of that set. Returns at once. */
  public void ring(SetKey key) {
    waiting.computeIfPresent(
        key,
        (_, bell) -> {
          bell.release();
          return bell;
        });
  }

  /** Rings at everybody: the process ends. */
  public void ringAll() {
    waiting.values().forEach(Semaphore::release);
  }

  /** Begins to hear what happens to a set. One at a time may listen to a set. */
  Listener listen(SetKey key) {
    Semaphore bell = new Semaphore(0);
    waiting.put(key, bell);
    return new Listener(key, bell);
  }

  /** Hears what happens to one set from when it was made until it is closed. */
  final class Listener implements AutoCloseable {

    private final SetKey key;
    private final Semaphore bell;

    private Listener(SetKey key, Semaphore bell) {
      this.key = key;
      this.bell = bell;
    }

    /**
     * Waits until it rings, or that time is over; whether it rang. What rang before counts once.
     */
    boolean rings(Duration atMost) throws InterruptedException {
      boolean rang = bell.tryAcquire(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
      bell.drainPermits();
      return rang;
    }

    @Override
    public void close() {
      waiting.remove(key, bell);
    }
  }
}
