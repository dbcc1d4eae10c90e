package dev.refloat.lab.e2e;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for what a proxy or a test says by a latch. */
final class Latches {

  private Latches() {}

  /** Returns when it is open, or when the waiting thread is told to end. */
  static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether it opened in time. */
  static boolean opens(CountDownLatch latch, Duration patience) throws InterruptedException {
    return latch.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
