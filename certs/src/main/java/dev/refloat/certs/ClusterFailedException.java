package dev.refloat.certs;

/** The cluster did not answer, or not in a way that says anything; nothing can be concluded. */
public final class ClusterFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  public ClusterFailedException(String words, Throwable cause) {
    super(words, cause);
  }
}
