package dev.refloat.webhook.review;

import dev.refloat.admission.PodFacts;

/** What came of reading a request. */
public sealed interface Reading {

  /**
   * A pod is to be created.
   *
   * @param uid of the request
   * @param hasLabels whether the pod has a map of labels that a patch can add to
   * @param dryRun whether the pod will not really be created
   */
  record PodCreated(String uid, PodFacts pod, boolean hasLabels, boolean dryRun)
      implements Reading {}

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
