package dev.refloat.lab.await;

/** What was waited for did not come; the message shows the last state that was seen. */
public final class AwaitTimedOut extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AwaitTimedOut(String message) {
    super(message);
  }
}
