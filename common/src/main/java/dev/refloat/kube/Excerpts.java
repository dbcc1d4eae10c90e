package dev.refloat.kube;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.fabric8.kubernetes.api.model.EphemeralVolumeSource;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.LocalVolumeSource;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.PersistentVolumeSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeStatus;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import java.util.Map;

/**
 * What of Kubernetes' objects is read at all. Everything else is skipped while an answer arrives,
 * and Jackson never learns how it would have been read: the containers of a pod alone would cost
 * some hundred classes and megabytes of heap.
 *
 * <p>{@link Facts} reads no more than this, and whatever it is taught to read has to be added here;
 * {@code FactsTest} shows it objects as they arrive. What is skipped is not written either: none of
 * these objects is ever sent back as a whole.
 */
public final class Excerpts {

  private static final Map<Class<?>, Class<?>> OF =
      Map.ofEntries(
          Map.entry(ObjectMeta.class, OfMetadata.class),
          Map.entry(PodSpec.class, OfPod.class),
          Map.entry(PodStatus.class, OfPodStatus.class),
          Map.entry(Affinity.class, OfAffinity.class),
          Map.entry(NodeAffinity.class, WhatIsRequired.class),
          Map.entry(PodAntiAffinity.class, WhatIsRequired.class),
          Map.entry(Volume.class, OfVolumeInPod.class),
          Map.entry(EphemeralVolumeSource.class, ThatItIsThere.class),
          Map.entry(StatefulSet.class, OfStatefulSet.class),
          Map.entry(StatefulSetSpec.class, OfStatefulSetSpec.class),
          Map.entry(PodTemplateSpec.class, OfTemplate.class),
          Map.entry(NodeSpec.class, OfNode.class),
          Map.entry(NodeStatus.class, OfNodeStatus.class),
          Map.entry(PersistentVolumeSpec.class, OfVolume.class),
          Map.entry(LocalVolumeSource.class, ThatItIsThere.class),
          Map.entry(HostPathVolumeSource.class, ThatItIsThere.class),
          Map.entry(CSIPersistentVolumeSource.class, OfDriver.class),
          Map.entry(PersistentVolumeStatus.class, OfPhase.class),
          Map.entry(PersistentVolumeClaimSpec.class, OfClaim.class),
          Map.entry(PersistentVolumeClaimStatus.class, OfPhase.class));

  private Excerpts() {}

  /**
   * Returns the classes of which only a part is read, each with one whose annotations say which:
   * mix-ins, as Jackson calls them.
   */
  public static Map<Class<?>, Class<?>> all() {
    return OF;
  }

  /** On every object, and longer than all the rest of some. */
  @JsonIgnoreProperties("managedFields")
  private interface OfMetadata {}

  @JsonIncludeProperties({
    "affinity",
    "nodeName",
    "nodeSelector",
    "schedulingGates",
    "tolerations",
    "volumes"
  })
  private interface OfPod {}

  @JsonIncludeProperties({"conditions", "nominatedNodeName", "phase"})
  private interface OfPodStatus {}

  @JsonIncludeProperties({"nodeAffinity", "podAntiAffinity"})
  private interface OfAffinity {}

  @JsonIncludeProperties("requiredDuringSchedulingIgnoredDuringExecution")
  private interface WhatIsRequired {}

  @JsonIncludeProperties({"ephemeral", "name", "persistentVolumeClaim"})
  private interface OfVolumeInPod {}

  @JsonIncludeProperties({})
  private interface ThatItIsThere {}

  @JsonIncludeProperties({"apiVersion", "kind", "metadata", "spec"})
  private interface OfStatefulSet {}

  @JsonIncludeProperties({
    "minReadySeconds",
    "ordinals",
    "podManagementPolicy",
    "replicas",
    "template",
    "volumeClaimTemplates"
  })
  private interface OfStatefulSetSpec {}

  @JsonIncludeProperties("metadata")
  private interface OfTemplate {}

  @JsonIncludeProperties({"taints", "unschedulable"})
  private interface OfNode {}

  @JsonIncludeProperties("conditions")
  private interface OfNodeStatus {}

  @JsonIncludeProperties({
    "accessModes",
    "capacity",
    "claimRef",
    "csi",
    "hostPath",
    "local",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeMode"
  })
  private interface OfVolume {}

  @JsonIncludeProperties("driver")
  private interface OfDriver {}

  @JsonIncludeProperties("phase")
  private interface OfPhase {}

  @JsonIncludeProperties({
    "accessModes",
    "resources",
    "storageClassName",
    "volumeMode",
    "volumeName"
  })
  private interface OfClaim {}
}
