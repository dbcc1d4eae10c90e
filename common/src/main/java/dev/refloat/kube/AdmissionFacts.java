package dev.refloat.kube;

import dev.refloat.admission.PodFacts;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From pods that exist to what admission decides about. */
public final class AdmissionFacts {

  private AdmissionFacts() {}

  /** Returns what admission would have to know of this pod if it were to be created now. */
  public static PodFacts pod(Pod pod) {
    return new PodFacts(
        pod.getMetadata().getNamespace(),
        pod.getMetadata().getName(),
        orEmpty(pod.getMetadata().getLabels()),
        orEmpty(pod.getMetadata().getAnnotations()),
        pod.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .findFirst()
            .map(AdmissionFacts::controller),
        Facts.pod(pod).volumes().stream()
            .filter(volume -> !volume.ephemeral())
            .map(dev.refloat.recovery.Pod.ClaimRef::claim)
            .toList());
  }

  private static PodFacts.Controller controller(OwnerReference owner) {
    return new PodFacts.Controller(owner.getApiVersion(), owner.getKind(), owner.getName());
  }

  private static Map<String, String> orEmpty(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : map;
  }
}
