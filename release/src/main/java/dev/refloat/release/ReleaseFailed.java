package dev.refloat.release;

/** Something cannot be made; the message says why, and what to do. */
public final class ReleaseFailed extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Makes one with what a person is told. */
  public ReleaseFailed(String message) {
    super(message);
  }

  /** Makes one with what a person is told, and what was thrown before. */
  public ReleaseFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
