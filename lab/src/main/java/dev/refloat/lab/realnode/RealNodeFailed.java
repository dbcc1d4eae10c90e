package dev.refloat.lab.realnode;

/** A real node did not do what it was told; the message has the end of its logs. */
public final class RealNodeFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RealNodeFailed(String message) {
    super(message);
  }

  RealNodeFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
