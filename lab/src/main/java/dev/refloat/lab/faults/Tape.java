package dev.refloat.lab.faults;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/** Writes every request down while it happens. Safe for use by several threads. */
final class Tape {

  /** 300 MB, and more requests than any run of the lab makes. */
  private static final int LONGEST = 1_000_000;

  private final InstantSource clock;
  private final List<Exchange> exchanges = new ArrayList<>();

  Tape(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns where the rest of what happens to {@code request} is to be told. */
  synchronized Entry begin(Request request) {
    if (exchanges.size() >= LONGEST) {
      throw new IllegalStateException("recorded " + LONGEST + " requests; expected fewer");
    }
    int index = exchanges.size();
    exchanges.add(
        new Exchange(
            index + 1L, request, clock.instant(), OptionalInt.empty(), OptionalInt.empty(), 0));
    return new Entry(index, request);
  }

  synchronized Recording recording() {
    return new Recording(exchanges);
  }

  /** One request. */
  final class Entry {

    private final int index;
    private final Request request;

    private Entry(int index, Request request) {
      this.index = index;
      this.request = request;
    }

    Request request() {
      return request;
    }

    /** The API server has answered that. */
    void answered(int serverStatus) {
      replace(
          before ->
              new Exchange(
                  before.number(),
                  before.request(),
                  before.begun(),
                  before.status(),
                  OptionalInt.of(serverStatus),
                  before.bytes()));
    }

    /** The process is told that. */
    void told(int status) {
      replace(
          before ->
              new Exchange(
                  before.number(),
                  before.request(),
                  before.begun(),
                  OptionalInt.of(status),
                  before.serverStatus(),
                  before.bytes()));
    }

    /** The API server has sent that many bytes more. */
    void received(long bytes) {
      replace(
          before ->
              new Exchange(
                  before.number(),
                  before.request(),
                  before.begun(),
                  before.status(),
                  before.serverStatus(),
                  before.bytes() + bytes));
    }

    private void replace(UnaryOperator<Exchange> change) {
      synchronized (Tape.this) {
        exchanges.set(index, change.apply(exchanges.get(index)));
      }
    }
  }
}
