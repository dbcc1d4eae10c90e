package dev.refloat.lab.faults;

import java.io.IOException;

/** A watch that is under way, of which every event passes here. Safe for use by several threads. */
final class OpenWatch {

  private static final String EXPIRED =
      """
      {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
      "message":"too old resource version: 1 (2)","reason":"Expired","code":410}}
      """;

  private final Request request;
  private final Framing framing;
  private final Wire client;
  private final Wire server;
  private boolean blocked;
  private boolean ended;

  OpenWatch(Request request, Framing framing, Wire client, Wire server) {
    this.request = request;
    this.framing = framing;
    this.client = client;
    this.server = server;
  }

  Request request() {
    return request;
  }

  /**
   * Passes on that the API server agreed to it. By then the watch is counted among the open ones,
   * so that a test which acts as soon as the process knows of its watch finds it there.
   */
  synchronized void begin(byte[] head, Watches watches) throws IOException {
    watches.add(this);
    client.write(head);
  }

  /** Passes on what the API server sent; waits while the watch is blocked. */
  synchronized void toClient(byte[] bytes) throws IOException, InterruptedException {
    awaitUnblocked();
    client.write(bytes);
  }

  /** Passes on what the process sent; waits while the watch is blocked. */
  synchronized void toServer(byte[] bytes) throws IOException, InterruptedException {
    awaitUnblocked();
    server.write(bytes);
  }

  private void awaitUnblocked() throws IOException, InterruptedException {
    while (blocked && !ended) {
      wait();
    }
    if (ended) {
      throw new IOException("the watch was ended");
    }
  }

  /** From now on not a byte goes either way, while the connection stays open. */
  synchronized void block() {
    blocked = true;
  }

  /** What was held back goes on its way. */
  synchronized void release() {
    blocked = false;
    notifyAll();
  }

  /**
   * Tells the process that the versions that it waits for are forgotten, as the API server does
   * after a compaction, and ends the watch.
   */
  synchronized void expire() throws IOException {
    client.write(framing.frame(EXPIRED));
    client.write(framing.end());
    end();
  }

  /** Lets go of whoever waits. */
  synchronized void end() throws IOException {
    ended = true;
    notifyAll();
    client.close();
    server.close();
  }
}
