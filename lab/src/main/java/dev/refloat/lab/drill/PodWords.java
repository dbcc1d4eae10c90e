package dev.refloat.lab.drill;

import dev.refloat.lab.world.PodConditions;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** The state of a pod in a line. */
final class PodWords {

  private PodWords() {}

  static String of(Optional<Pod> pod) {
    return pod.map(PodWords::of).orElse("there is no such pod");
  }

  private static String of(Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      return "it is being deleted, on " + node(pod);
    }
    if (PodConditions.isReady(pod)) {
      return "Ready on " + node(pod);
    }
    return PodConditions.of(pod, "PodScheduled")
        .filter(_ -> PodConditions.isUnschedulable(pod))
        .map(condition -> "%s: %s".formatted(pod.getStatus().getPhase(), condition.getMessage()))
        .orElseGet(() -> "%s on %s".formatted(pod.getStatus().getPhase(), node(pod)));
  }

  private static String node(Pod pod) {
    return Optional.ofNullable(pod.getSpec().getNodeName()).orElse("no node");
  }
}
