package dev.refloat.lab.faults;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One connection of a process, and the one to the API server that its requests go out on. Requests
 * come one after the other; a watch is the last one.
 */
final class Connection implements Closeable {

  /** The API server closes what is idle for 90 s, which must not meet a request on its way. */
  private static final long REUSABLE_NANOS = Duration.ofSeconds(30).toNanos();

  private final Wire client;
  private final ApiServer apiServer;
  private final Rules rules;
  private final Tape tape;
  private final Watches watches;
  private final Executor threads;
  private Optional<Wire> server = Optional.empty();
  private long usedAt = System.nanoTime();
  private boolean closed;

  Connection(
      Wire client, ApiServer apiServer, Rules rules, Tape tape, Watches watches, Executor threads) {
    this.client = client;
    this.apiServer = apiServer;
    this.rules = rules;
    this.tape = tape;
    this.watches = watches;
    this.threads = threads;
  }

  /**
   * Serves until either side closes the connection, or a fault cuts it.
   *
   * @throws IOException if a connection breaks, as they do
   */
  void serve() throws IOException, InterruptedException {
    Optional<Head> head = client.readHead();
    while (head.isPresent() && serve(head.get())) {
      head = client.readHead();
    }
  }

  /** Returns whether another request may follow. */
  private boolean serve(Head head) throws IOException, InterruptedException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    Wire.append(head.text(), message);
    client.readRequestBody(head, message);
    Request request = Request.of(head.method(), head.target());
    Tape.Entry entry = tape.begin(request);
    Optional<Rule> rule = rules.meet(request);
    if (rule.isEmpty()) {
      return pass(ask(message.toByteArray(), entry), entry);
    }
    boolean more =
        switch (rule.get().fault()) {
          case Fault.Refusal refusal -> {
            entry.told(refusal.status());
            client.write(Refusals.of(refusal));
            yield true;
          }
          case Fault.LateRequest(Runnable until) -> {
            until.run();
            yield pass(ask(message.toByteArray(), entry), entry);
          }
          case Fault.LateAnswer(Duration by) -> {
            Answer answer = ask(message.toByteArray(), entry);
            Thread.sleep(by);
            yield pass(answer, entry);
          }
          case Fault.Cut(Fault.Moment moment, Runnable first) -> {
            if (moment == Fault.Moment.BEFORE_THE_ANSWER) {
              var _ = ask(message.toByteArray(), entry);
            }
            first.run();
            close();
            yield false;
          }
        };
    rule.get().carriedOut();
    return more;
  }

  /**
   * What the API server answered.
   *
   * @param framing how events follow it, if it is a watch
   */
  private record Answer(Head head, ByteArrayOutputStream bytes, Optional<Framing> framing) {

    private boolean isLast() {
      boolean endless =
          !head.isChunked()
              && head.contentLength().isEmpty()
              && head.status() != 204
              && head.status() != 304;
      return endless || head.says("Connection", "close");
    }
  }

  private Answer ask(byte[] message, Tape.Entry entry) throws IOException {
    Wire to = server();
    to.write(message);
    Head head = to.readHead().orElseThrow(() -> new IOException("the API server hung up"));
    entry.answered(head.status());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Wire.append(head.text(), bytes);
    Optional<Framing> framing = framing(head, entry.request());
    if (framing.isEmpty()) {
      to.readResponseBody(head, bytes);
    }
    entry.received(bytes.size());
    usedAt = System.nanoTime();
    return new Answer(head, bytes, framing);
  }

  private static Optional<Framing> framing(Head head, Request request) {
    if (head.status() == 101) {
      return Optional.of(Framing.WEBSOCKET);
    }
    return head.status() == 200 && request.verb() == Verb.WATCH && head.isChunked()
        ? Optional.of(Framing.CHUNKS)
        : Optional.empty();
  }

  private boolean pass(Answer answer, Tape.Entry entry) throws IOException, InterruptedException {
    entry.told(answer.head().status());
    byte[] bytes = answer.bytes().toByteArray();
    if (answer.framing().isPresent()) {
      stream(bytes, answer.framing().get(), entry);
      return false;
    }
    client.write(bytes);
    return !answer.isLast();
  }

  private void stream(byte[] head, Framing framing, Tape.Entry entry)
      throws IOException, InterruptedException {
    Wire from = server();
    OpenWatch watch = new OpenWatch(entry.request(), framing, client, from);
    try {
      watch.begin(head, watches);
      threads.execute(() -> listenTo(watch));
      boolean more = true;
      while (more) {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        more = framing.read(from, event);
        entry.received(event.size());
        watch.toClient(event.toByteArray());
      }
    } finally {
      watches.remove(watch);
      watch.end();
    }
  }

  /** Passes on what the process says during a watch, and ends the watch when it hangs up. */
  private void listenTo(OpenWatch watch) {
    try {
      byte[] said = client.readSome();
      while (said.length > 0) {
        watch.toServer(said);
        said = client.readSome();
      }
      watch.end();
    } catch (IOException e) {
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Wire server() throws IOException {
    if (closed) {
      throw new IOException("the connection is closed");
    }
    if (server.isPresent() && System.nanoTime() - usedAt < REUSABLE_NANOS) {
      return server.get();
    }
    closeQuietly(server);
    Wire fresh = apiServer.connect();
    usedAt = System.nanoTime();
    server = Optional.of(fresh);
    return fresh;
  }

  /** Ends the connection at once, on both sides. */
  @Override
  public synchronized void close() {
    closed = true;
    closeQuietly(Optional.of(client));
    closeQuietly(server);
  }

  private static void closeQuietly(Optional<Wire> wire) {
    wire.ifPresent(
        open -> {
          try {
            open.close();
          } catch (IOException e) {
            // Broken already, which is as good.
          }
        });
  }
}
