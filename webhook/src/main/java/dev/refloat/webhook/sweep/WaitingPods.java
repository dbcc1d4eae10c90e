package dev.refloat.webhook.sweep;

import dev.refloat.admission.PodFacts;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodMetadata;
import java.util.List;
import java.util.Optional;

/** StatefulSets' pods that wait for a node. */
public interface WaitingPods {

  /** Which of them. */
  enum Kind {
    LABELLED,
    UNLABELLED
  }

  /**
   * A pod as it is now.
   *
   * @param id with the version that it was read in
   * @param hasLabels whether there is a map of labels that a patch can add to
   */
  record Live(ObjectId id, PodFacts facts, boolean hasLabels) {}

  /** How a guarded write ended. */
  enum Written {
    DONE,
    /** The pod has changed, or is gone; nothing was written. */
    CONFLICT
  }

  /**
   * Lists them in one namespace, or in all.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the list could not be read to
   *     its end
   */
  List<PodMetadata> list(Optional<String> namespace, Kind kind);

  /**
   * Reads one of them; empty if it is gone, has its node, or is on its way out.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be read
   */
  Optional<Live> read(ObjectId id);

  /**
   * Applies a JSON Patch if the pod still is what it was when it was read.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be written
   */
  Written write(Live pod, String patch);
}
