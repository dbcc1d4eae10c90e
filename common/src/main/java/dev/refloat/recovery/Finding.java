package dev.refloat.recovery;

import java.time.Instant;

/**
 * Something about a pod that no verdict is ever given about, because it is not among those that are
 * watched, and that a person must know. Nothing is done about it.
 *
 * <p>A closed set: the simple name of each record is its {@link #reason()}, which is a log value,
 * an Event reason, a metric label and a section of {@code docs/diagnoses.md}.
 */
public sealed interface Finding {

  /** The name of the finding for machines: log value, Event reason, metric label. */
  default String reason() {
    return getClass().getSimpleName();
  }

  ObjectId pod();

  /** The StatefulSet that the pod says it belongs to. */
  String set();

  /** What makes it another finding, beside its reason and its pod. */
  String about();

  /**
   * The pod is being deleted on a node that is lost, and its StatefulSet makes no other as long as
   * it is there (S17).
   *
   * @param due when it should have been gone
   * @param silentSince when the kubelet last renewed its Lease
   */
  record TerminatingOnLostNode(
      ObjectId pod, String set, String node, Instant due, Instant silentSince) implements Finding {

    @Override
    public String about() {
      return node;
    }
  }

  /**
   * The pod waits for a node and would have got the label, but has none: it was made while the
   * webhook was away (S49).
   *
   * @param claim the claim that would have earned it the label
   */
  record UnlabelledButStranded(ObjectId pod, String set, String claim) implements Finding {

    @Override
    public String about() {
      return claim;
    }
  }
}
