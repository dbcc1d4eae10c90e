package dev.refloat.process;

/**
 * The process cannot start, for a reason outside of it that a person can do something about; the
 * message says what it is and what to do.
 */
public final class StartFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Because of something that was found out without an exception. */
  public StartFailedException(String words) {
    super(words);
  }

  /** Because of {@code cause}, which the words explain. */
  public StartFailedException(String words, Throwable cause) {
    super(words, cause);
  }
}
