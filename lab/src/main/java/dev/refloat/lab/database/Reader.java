package dev.refloat.lab.database;

import io.nats.client.ConsumerContext;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamStatusCheckedException;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads all along: asks for one message after the other, and says of each that it has it. A message
 * that was on its way to it when a connection was lost is handed to it again.
 */
final class Reader implements Callable<Void> {

  private static final String NAME = "reader";
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(100);

  private final ConsumerContext consumer;
  private final Set<Long> read = new ConcurrentSkipListSet<>();

  Reader(Orders orders) {
    this.consumer = orders.consumer(NAME);
  }

  /** Reads until it is interrupted. */
  @Override
  public @Nullable Void call() throws InterruptedException {
    while (true) {
      try {
        Message message = consumer.next(WAIT);
        if (message != null) {
          read.add(Orders.number(message));
          message.ack();
        }
      } catch (IOException
          | JetStreamApiException
          | JetStreamStatusCheckedException
          | IllegalStateException e) {
        // Nobody leads, no server answers, or the connection is being made anew.
        TimeUnit.NANOSECONDS.sleep(BEFORE_ANOTHER_TRY.toNanos());
      }
    }
  }

  Set<Long> read() {
    return Set.copyOf(read);
  }
}
