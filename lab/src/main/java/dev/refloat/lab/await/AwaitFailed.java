package dev.refloat.lab.await;

/**
 * What was waited for did not come in time, or cannot come any more; the message shows the last
 * state that was seen.
 */
public final class AwaitFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  AwaitFailed(String message) {
    super(message);
  }
}
