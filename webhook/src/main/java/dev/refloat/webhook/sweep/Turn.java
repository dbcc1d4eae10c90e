package dev.refloat.webhook.sweep;

/** Whose turn it is to look. */
public interface Turn extends AutoCloseable {

  /** The answer. */
  sealed interface Answer {
    /** Ours, for long enough to look once. */
    record Ours() implements Answer {}

    /**
     * Somebody else's.
     *
     * @param holder empty if it is just being decided
     */
    record Theirs(String holder) implements Answer {}
  }

  /**
   * Takes the turn, or keeps it, if nobody else has it.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the cluster did not answer
   */
  Answer take();

  /** Gives it back, so that somebody else need not wait. */
  @Override
  void close();
}
