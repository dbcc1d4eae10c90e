package dev.refloat.lab.faults;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * A request and what came of it so far.
 *
 * @param number 1 for the first that reached the proxy
 * @param begun when it reached the proxy
 * @param status what the process was told; empty where it was told nothing (yet)
 * @param serverStatus what the API server answered; empty where it did not (yet), or was not asked
 * @param bytes what the API server sent for it, heads included, as they are under TLS
 */
public record Exchange(
    long number,
    Request request,
    Instant begun,
    OptionalInt status,
    OptionalInt serverStatus,
    long bytes) {

  /** Returns whether the API server has carried it out. */
  public boolean succeeded() {
    return serverStatus.isPresent() && serverStatus.getAsInt() / 100 == 2;
  }
}
