package dev.refloat.lab.bench;

/** Something happened that makes what was measured worthless; the message is for a person. */
public final class BenchFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BenchFailed(String message) {
    super(message);
  }

  BenchFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
