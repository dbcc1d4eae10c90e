package dev.refloat.controller.act;

import dev.refloat.recovery.ObjectId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How a recovery ended. The simple name of each is a metric label. */
public sealed interface Outcome {

  /**
   * The pod runs elsewhere: bound, and its volumes with it.
   *
   * @param pod the new one
   * @param revision what the pod is made from, if that is not what the one before was made from:
   *     its set updates pods when they are deleted, or has not finished a roll-out (S50)
   */
  record Refloated(ObjectId pod, String node, Duration took, Optional<String> revision)
      implements Outcome {}

  /**
   * Claim and pod were given up, but the new pod has no node yet (S57).
   *
   * @param pod the one that waits; the deleted one if no other was seen
   */
  record RecoveredButNotBound(ObjectId pod, Duration waited) implements Outcome {}

  /** Something moved before this claim was deleted: it stays, and the next look decides. */
  record Abandoned(String why) implements Outcome {}

  /** The claim is on its way out but somebody's finalizer holds it (S43). */
  record WaitingForClaim(String claim, List<String> finalizers) implements Outcome {

    public WaitingForClaim {
      finalizers = List.copyOf(finalizers);
    }
  }

  /** The pod got its node back while its claim was already being deleted (S42). */
  record ClaimDoomed(String claim, String node) implements Outcome {}

  /** This process may not write any more: somebody else leads. */
  record Fenced(String why) implements Outcome {}

  /** A write or a read failed, and it is not known what came of it; the next look finds out. */
  record Failed(String why) implements Outcome {}

  /** All of it was decided, nothing was written. */
  record Rehearsed() implements Outcome {}
}
