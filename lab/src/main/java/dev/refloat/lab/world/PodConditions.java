package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Optional;

/** What a pod's conditions say. */
public final class PodConditions {

  private PodConditions() {}

  /** Returns the condition of that type, such as {@code PodScheduled}, if the pod has it. */
  public static Optional<PodCondition> of(Pod pod, String type) {
    return pod.getStatus().getConditions().stream()
        .filter(condition -> type.equals(condition.getType()))
        .findFirst();
  }

  /** Returns whether the pod is Ready and not being deleted. */
  public static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null && says(pod, "Ready", "True");
  }

  /** Returns whether the scheduler has found no node for the pod. */
  public static boolean isUnschedulable(Pod pod) {
    return says(pod, "PodScheduled", "False");
  }

  private static boolean says(Pod pod, String type, String status) {
    return of(pod, type).filter(condition -> status.equals(condition.getStatus())).isPresent();
  }
}
