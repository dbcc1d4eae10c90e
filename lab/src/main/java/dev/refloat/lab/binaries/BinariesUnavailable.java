package dev.refloat.lab.binaries;

/** There is no complete set of programs, and the message says what a person can do about it. */
public final class BinariesUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  BinariesUnavailable(String message) {
    super(message);
  }

  BinariesUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
