package dev.refloat.lab.faults;

/**
 * A fault that is in force for some of the requests that it is about, counted from its beginning.
 * Safe for use by several threads.
 */
public final class Rule {

  private final Requests requests;
  private final Fault fault;
  private final long first;
  private final long last;
  private long met;
  private long done;
  private boolean lifted;

  Rule(Requests requests, Fault fault, long first, long last) {
    this.requests = requests;
    this.fault = fault;
    this.first = first;
    this.last = last;
  }

  Fault fault() {
    return fault;
  }

  /** Counts the request if it is meant, and returns whether the fault is for it. */
  synchronized boolean meets(Request request) {
    if (lifted || !requests.include(request)) {
      return false;
    }
    met++;
    return met >= first && met <= last;
  }

  synchronized void carriedOut() {
    done++;
  }

  /** Returns how many requests the fault has happened to, from beginning to end. */
  public synchronized long done() {
    return done;
  }

  /** From now on nothing happens to any further request. */
  public synchronized void lift() {
    lifted = true;
  }

  @Override
  public String toString() {
    return fault + " for " + requests;
  }
}
