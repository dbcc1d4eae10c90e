package dev.refloat.lab.database;

import dev.refloat.lab.database.Ledger.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes one message after the other, each again and again until it is acknowledged. */
final class Writer implements Callable<Void> {

  private static final Duration PACE = Duration.ofMillis(10);

  private final Orders orders;
  private final InstantSource time;
  private final List<Promise> promises = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopping;

  Writer(Orders orders, InstantSource time) {
    this.orders = orders;
    this.time = time;
  }

  /** Writes until it is to stop. */
  @Override
  public @Nullable Void call() throws InterruptedException {
    long number = 1;
    while (!stopping) {
      if (orders.add(number)) {
        promises.add(new Promise(number, time.instant()));
        number++;
      }
      TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
    }
    return null;
  }

  /** The last message may be one that was not acknowledged. */
  void stop() {
    stopping = true;
  }

  List<Promise> promises() {
    return List.copyOf(promises);
  }
}
