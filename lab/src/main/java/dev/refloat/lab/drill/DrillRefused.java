package dev.refloat.lab.drill;

/** A drill does not start, because it could do harm or could not end well; the message says why. */
public final class DrillRefused extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DrillRefused(String message) {
    super(message);
  }
}
