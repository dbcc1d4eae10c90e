package dev.refloat.lab.process;

/** A process of Refloat ended, or did not get ready; the message shows the end of its log. */
public final class RefloatProcessFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RefloatProcessFailed(String message) {
    super(message);
  }

  RefloatProcessFailed(String message, Throwable cause) {
    super(message, cause);
  }
}
