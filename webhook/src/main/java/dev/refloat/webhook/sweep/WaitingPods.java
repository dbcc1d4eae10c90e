package dev.refloat.webhook.sweep;

import dev.refloat.admission.PodFacts;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** StatefulSets' pods that wait for a node. */
public interface WaitingPods {

  /** Which of them. */
  enum Kind {
    LABELLED,
    /** Without the label, or with another value than the one that is watched. */
    UNLABELLED
  }

  /**
   * A pod as it is now.
   *
   * @param id with the version that it was read in
   */
  record Live(ObjectId id, PodFacts facts) {}

  /** How a guarded write ended. */
  enum Written {
    DONE,
    /** The pod has changed, or is gone; nothing was written. */
    CONFLICT
  }

  /**
   * Lists them in one namespace, or in all.
   *
   * @param wanted which of them to return; of the others nothing is kept
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the list could not be read to
   *     its end
   */
  List<ObjectId> list(Optional<String> namespace, Kind kind, Predicate<PodMetadata> wanted);

  /**
   * Reads one of them; empty if it is gone, has its node, or is on its way out.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be read
   */
  Optional<Live> read(ObjectId id);

  /**
   * Sets the label, or takes it off, if the pod still is of that version.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be written
   */
  Written write(ObjectId pod, boolean labelled);
}
