package dev.refloat.webhook.review;

import dev.refloat.admission.PodFacts;
import dev.refloat.admission.SetFacts;
import java.util.Optional;

/** What the API server wants to know, as far as we have something to say about it. */
public sealed interface Question {

  /**
   * A pod is to be created.
   *
   * @param hasLabels whether the pod has a map of labels that a patch can add to
   */
  record PodCreated(PodFacts pod, boolean hasLabels) implements Question {}

  /**
   * A pod, or its status, is to be changed.
   *
   * @param before what it is like
   * @param now what it is to be like
   */
  record PodChanged(PodFacts before, PodFacts now) implements Question {}

  /**
   * A StatefulSet is to be created or changed.
   *
   * @param before what it is like; empty if it is to be created
   * @param now what it is to be like
   */
  record SetWritten(String namespace, Optional<SetFacts> before, SetFacts now)
      implements Question {}
}
