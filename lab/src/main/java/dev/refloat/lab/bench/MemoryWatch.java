package dev.refloat.lab.bench;

import dev.refloat.lab.process.ProcessUse;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;

/**
 * Looks at a process's memory ten times a second, because nobody keeps the largest RssAnon, until
 * the process ends.
 */
final class MemoryWatch implements AutoCloseable {

  private static final int EVERY_MILLIS = 100;

  private final DoubleAccumulator largest = new DoubleAccumulator(Math::max, 0);
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("memory-watch").factory());

  /** Begins to look. */
  static MemoryWatch of(ProcessHandle process) {
    MemoryWatch watch = new MemoryWatch();
    watch.look(process.pid());
    var _ =
        watch.worker.scheduleAtFixedRate(
            () -> watch.look(process.pid()), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    return watch;
  }

  private void look(long pid) {
    try {
      largest.accumulate(ProcessUse.of(pid).rssAnonMegabytes());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      worker.shutdown(); // it has ended, and a zombie has no memory
    }
  }

  /** Returns the largest so far, in megabytes. */
  double largest() {
    return largest.get();
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
