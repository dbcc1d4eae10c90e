package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in one line how an object is, for the end of a message. */
final class StateWords {

  private StateWords() {}

  static String of(String name, Optional<Pod> pod) {
    return pod.map(StateWords::of).orElseGet(() -> "there is no pod " + name);
  }

  private static String of(Pod pod) {
    return "pod %s (uid %s) is %s%s, %s, conditions %s"
        .formatted(
            pod.getMetadata().getName(),
            pod.getMetadata().getUid(),
            pod.getStatus().getPhase(),
            pod.getMetadata().getDeletionTimestamp() == null ? "" : " and being deleted",
            pod.getSpec().getNodeName() == null
                ? "not on a node"
                : "on node " + pod.getSpec().getNodeName(),
            conditions(pod.getStatus().getConditions()));
  }

  private static String conditions(List<PodCondition> conditions) {
    return conditions.stream()
        .map(
            condition ->
                condition.getType()
                    + "="
                    + condition.getStatus()
                    + (condition.getReason() == null
                        ? ""
                        : " (" + condition.getReason() + ": " + condition.getMessage() + ")"))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  static String ofClaim(String name, Optional<PersistentVolumeClaim> claim) {
    return claim
        .map(
            found ->
                "claim %s (uid %s) is %s%s, volume %s, annotations %s"
                    .formatted(
                        name,
                        found.getMetadata().getUid(),
                        found.getStatus().getPhase(),
                        found.getMetadata().getDeletionTimestamp() == null
                            ? ""
                            : " and being deleted",
                        Optional.ofNullable(found.getSpec().getVolumeName()).orElse("none"),
                        found.getMetadata().getAnnotations()))
        .orElseGet(() -> "there is no claim " + name);
  }
}
