package dev.refloat.controller.act;

import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;

/** What has become of a claim that a recovery has deleted, or was about to. */
public sealed interface Fate {

  /** It is gone, and with it every doubt. */
  record Gone() implements Fate {}

  /** It is on its way out, and its pod has no node: this is how it should be. */
  record Going() implements Fate {}

  /**
   * It is on its way out, and its pod runs on it: the data goes when the pod goes (S42).
   *
   * @param pod the pod as it is now
   */
  record Doomed(Pod pod, String node) implements Fate {}

  /**
   * It was not deleted, and its pod has a node: what was done for its end is to be undone (S58).
   *
   * @param claim in the version that was seen
   */
  record Stays(ObjectId claim, String node) implements Fate {}

  /** It was not deleted, and its pod has no node: that is the judge's business. */
  record Stranded() implements Fate {}
}
