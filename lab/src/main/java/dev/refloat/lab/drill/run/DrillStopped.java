package dev.refloat.lab.drill.run;

/** A run cannot go on; the message says why. What it did is undone all the same. */
public final class DrillStopped extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Constructed with why, in words. */
  public DrillStopped(String message) {
    super(message);
  }
}
