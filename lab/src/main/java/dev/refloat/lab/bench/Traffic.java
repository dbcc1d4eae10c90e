package dev.refloat.lab.bench;

/**
 * What one process has exchanged with the API server so far. Where it is counted is nobody's
 * business: today by the audit log and a relay, tomorrow by a proxy that stands in between.
 */
interface Traffic {

  /** Returns the totals since the process started. */
  Totals now();

  /**
   * @param requests answered ones, and watches that have begun
   * @param bytesReceived by the process, as they are on the wire, TLS included
   */
  record Totals(long requests, long bytesReceived) {

    /** Returns what was added since {@code earlier}. */
    Totals since(Totals earlier) {
      return new Totals(requests - earlier.requests, bytesReceived - earlier.bytesReceived);
    }
  }
}
