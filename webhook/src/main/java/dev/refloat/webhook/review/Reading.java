package dev.refloat.webhook.review;

/** What came of reading a request. */
public sealed interface Reading {

  /**
   * A question that we know how to answer.
   *
   * @param uid of the request
   * @param user the name of whoever wants it
   * @param dryRun whether it will not really be done
   */
  record Asked(String uid, String user, boolean dryRun, Question question) implements Reading {}

  /**
   * A proper review of something else. No decision of ours, so it is admitted: whoever registered
   * us for too much does not get a cluster in which nothing can be changed.
   */
  record SomethingElse(String uid, String operation, String resource) implements Reading {}

  /**
   * No AdmissionReview that we understand.
   *
   * @param why a sentence without a full stop, for whoever sent it
   */
  record Unreadable(String why) implements Reading {}

  /** More than the largest review that the API server sends. */
  record TooLarge(long limit) implements Reading {}

  /** It did not come to its end: the sender was too slow, or went away. */
  record Interrupted(String why) implements Reading {}
}
