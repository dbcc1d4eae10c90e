package dev.refloat.lab.database;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.database.Ledger.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A writer and a reader at work, each with a connection of its own, and somebody who looks at the
 * stream over a third one.
 */
public final class Traffic implements AutoCloseable {

  /** It may be looking for another server, or wait for what is handed to it again. */
  private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Orders> connections;
  private final Orders orders;
  private final Writer writer;
  private final Reader reader;
  private final Duration patience;
  private final Future<?> writing;
  private final Future<?> reading;

  private Traffic(List<Orders> connections, Writer writer, Reader reader, Duration patience) {
    this.connections = List.copyOf(connections);
    this.orders = connections.getFirst();
    this.writer = writer;
    this.reader = reader;
    this.patience = patience;
    this.writing = executor.submit(writer);
    this.reading = executor.submit(reader);
  }

  /**
   * Makes the stream on {@code cluster}, and begins to write and to read.
   *
   * @param patience how long this waits for what is to happen
   */
  public static Traffic on(NatsCluster cluster, InstantSource time, Duration patience)
      throws InterruptedException {
    List<Orders> open = new ArrayList<>();
    try {
      open.add(Orders.make(cluster));
      open.add(Orders.of(cluster));
      open.add(Orders.of(cluster));
      return new Traffic(open, new Writer(open.get(1), time), new Reader(open.get(2)), patience);
    } catch (IllegalStateException | InterruptedException e) {
      open.forEach(Orders::close);
      throw e;
    }
  }

  /** Returns how many messages were acknowledged so far. */
  public int acknowledged() {
    return writer.promises().size();
  }

  /** Returns when every server has all that the leader has. */
  public void awaitAllCurrent() {
    Await.within(patience)
        .until("all replicas are current", orders::current, NatsCluster.SERVERS::equals);
  }

  /** Returns how many messages are acknowledged, when there are so many more. */
  public int awaitMore(int messages) {
    int enough = acknowledged() + messages;
    return Await.within(patience)
        .until("messages are acknowledged", this::acknowledged, count -> count >= enough);
  }

  /**
   * Returns when that server leads the stream: from then on it is what it has itself that is read,
   * and it acknowledges what is written.
   */
  public void awaitLedBy(String server) {
    Await.within(patience)
        .until(
            server + " leads the stream",
            () -> isLedBy(server) ? server : orders.askToLead(server),
            server::equals);
  }

  /** Returns whether that server leads the stream. */
  public boolean isLedBy(String server) {
    return orders.leader().equals(Optional.of(server));
  }

  /**
   * Stops writing; returns what was promised, what is there and what was read, once the reader has
   * had the time to catch up.
   */
  public Ledger settle() throws InterruptedException {
    writer.stop();
    result(writing, "the writer");
    List<Promise> promises = writer.promises();
    List<Long> stored = orders.stored();
    long end = System.nanoTime() + SETTLES_WITHIN.toNanos();
    Ledger ledger = new Ledger(promises, stored, reader.read());
    while (!ledger.unread().isEmpty() && System.nanoTime() - end < 0) {
      if (reading.isDone()) {
        result(reading, "the reader");
      }
      TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      ledger = new Ledger(promises, stored, reader.read());
    }
    return ledger;
  }

  private static void result(Future<?> task, String who) throws InterruptedException {
    try {
      var _ = task.get(SETTLES_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(who + " has failed", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(who + " has not stopped after " + SETTLES_WITHIN, e);
    }
  }

  @Override
  public void close() {
    writer.stop();
    executor.shutdownNow();
    connections.forEach(Orders::close);
  }
}
