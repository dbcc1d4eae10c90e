package dev.refloat.controller.act;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/**
 * What is remembered of a pod that was deleted.
 *
 * @param revision of the template that it was made from, which is written on it: <a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/statefulset/stateful_set_utils.go">newVersionedStatefulSetPod</a>
 */
public record DeletedPod(Optional<String> revision) {

  private static final String REVISION = "controller-revision-hash";

  static DeletedPod of(Optional<Pod> pod) {
    return new DeletedPod(pod.flatMap(DeletedPod::revisionOf));
  }

  /**
   * The other revision that this pod, which took its place, is made from; empty if it is the same.
   */
  Optional<String> otherRevision(Pod now) {
    return revisionOf(now).filter(other -> revision.filter(old -> !old.equals(other)).isPresent());
  }

  private static Optional<String> revisionOf(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels())
        .flatMap(labels -> Optional.ofNullable(labels.get(REVISION)));
  }
}
