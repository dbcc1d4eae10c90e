package dev.refloat.lab.world;

import dev.refloat.lab.realnode.RealNodes;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TopologySelectorLabelRequirement;
import io.fabric8.kubernetes.api.model.TopologySelectorTerm;
import io.fabric8.kubernetes.api.model.TopologySelectorTermBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIDriverBuilder;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacityBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns the values of a world into Kubernetes objects. */
record LocalObjects(WorldNames names) {

  /** On everything of a world; its value is the namespace. */
  static final String WORLD = "refloat.lab/world";

  static final String HOSTNAME = "kubernetes.io/hostname";

  private static final String BY_HAND = "kubernetes.io/no-provisioner";

  Map<String, String> worldLabel() {
    return Map.of(WORLD, names.namespace());
  }

  Node node(LabNode node) {
    Map<String, String> labels = new TreeMap<>(node.labels());
    labels.putAll(worldLabel());
    labels.put(HOSTNAME, names.clusterWide(node.hostname()));
    Map<String, Quantity> capacity =
        Map.of(
            "cpu", new Quantity(node.cpu()),
            "memory", new Quantity("64Gi"),
            "pods", new Quantity("110"));
    return new NodeBuilder()
        .withNewMetadata()
        .withName(names.clusterWide(node.name()))
        .withLabels(labels)
        .addToAnnotations("kwok.x-k8s.io/node", "fake")
        .endMetadata()
        .withNewSpec()
        .withTaints(
            node.taints().stream()
                .map(taint -> new Taint(taint.effect(), taint.key(), null, taint.value()))
                .toList())
        .endSpec()
        .withNewStatus()
        .withCapacity(capacity)
        .withAllocatable(capacity)
        // No Ready condition: kwok says that. A node that was ever seen not ready is taken for that
        // for another 5 s by Kubernetes' node lifecycle controller, which then takes the Ready
        // condition from pods that have just come to it (processPod), and nobody gives it back.
        .endStatus()
        .build();
  }

  StorageClass storageClass(LabStorageClass storageClass) {
    return switch (storageClass) {
      case LabStorageClass.Static(String name) ->
          storageClass(name, BY_HAND, ReclaimPolicy.RETAIN, "WaitForFirstConsumer");
      case LabStorageClass.Immediate(String name) ->
          storageClass(name, BY_HAND, ReclaimPolicy.RETAIN, "Immediate");
      case LabStorageClass.Dynamic made ->
          new StorageClassBuilder(
                  storageClass(
                      made.name(), provisioner(made), made.reclaimPolicy(), "WaitForFirstConsumer"))
              .withAllowedTopologies(topologies(made.onlyWhere()))
              .build();
    };
  }

  /** A driver either keeps count for all its classes or for none. */
  private String provisioner(LabStorageClass.Dynamic storageClass) {
    return storageClass.keepsCount()
        ? names.clusterWide(storageClass.name()) + "." + LocalProvisioners.NAME
        : LocalProvisioners.NAME;
  }

  private static List<TopologySelectorTerm> topologies(Map<String, String> labels) {
    return labels.isEmpty()
        ? List.of()
        : List.of(
            new TopologySelectorTermBuilder()
                .withMatchLabelExpressions(
                    labels.entrySet().stream()
                        .map(
                            label ->
                                new TopologySelectorLabelRequirement(
                                    label.getKey(), List.of(label.getValue())))
                        .toList())
                .build());
  }

  /** Returns the driver of a class that keeps count. */
  CSIDriver driver(LabStorageClass.Dynamic storageClass) {
    return new CSIDriverBuilder()
        .withNewMetadata()
        .withName(provisioner(storageClass))
        .withLabels(worldLabel())
        .endMetadata()
        .withNewSpec()
        .withAttachRequired(false)
        .withStorageCapacity(storageClass.keepsCount())
        .endSpec()
        .build();
  }

  /** Returns how much room a driver tells of on the nodes of that hostname. */
  CSIStorageCapacity capacity(String storageClass, String hostname, String room) {
    return new CSIStorageCapacityBuilder()
        .withNewMetadata()
        .withGenerateName("capacity-")
        .withNamespace(names.namespace())
        .endMetadata()
        .withStorageClassName(names.clusterWide(storageClass))
        .withNewNodeTopology()
        .addToMatchLabels(HOSTNAME, names.clusterWide(hostname))
        .endNodeTopology()
        .withCapacity(new Quantity(room))
        .build();
  }

  private StorageClass storageClass(
      String name, String provisioner, ReclaimPolicy policy, String bindingMode) {
    return new StorageClassBuilder()
        .withNewMetadata()
        .withName(names.clusterWide(name))
        .withLabels(worldLabel())
        .endMetadata()
        .withProvisioner(provisioner)
        .withReclaimPolicy(policy.word())
        .withVolumeBindingMode(bindingMode)
        .build();
  }

  PersistentVolume volume(LabVolume volume) {
    String name = names.clusterWide(volume.name());
    PersistentVolumeBuilder builder =
        new PersistentVolumeBuilder()
            .withNewMetadata()
            .withName(name)
            .withLabels(worldLabel())
            .endMetadata()
            .withNewSpec()
            .withCapacity(Map.of("storage", new Quantity("1Gi")))
            .withAccessModes("ReadWriteOnce")
            .withPersistentVolumeReclaimPolicy(ReclaimPolicy.RETAIN.word())
            .withStorageClassName(names.clusterWide(volume.storageClass()))
            .endSpec();
    switch (volume.source()) {
      case LabVolume.Source.Local() ->
          builder
              .editSpec()
              .withNewLocal()
              .withPath(RealNodes.DISKS + "/" + name)
              .endLocal()
              .endSpec();
      case LabVolume.Source.Csi(String driver) ->
          builder
              .editSpec()
              .withNewCsi()
              .withDriver(driver)
              .withVolumeHandle(name)
              .endCsi()
              .endSpec();
      case LabVolume.Source.Nfs() ->
          builder
              .editSpec()
              .withNewNfs()
              .withServer("nfs.invalid")
              .withPath("/")
              .endNfs()
              .endSpec();
    }
    if (!volume.affinity().isEmpty()) {
      builder
          .editSpec()
          .withNewNodeAffinity()
          .withNewRequired()
          .addNewNodeSelectorTerm()
          .withMatchExpressions(
              volume.affinity().entrySet().stream()
                  .map(
                      label ->
                          new NodeSelectorRequirement(
                              label.getKey(), "In", List.of(label.getValue())))
                  .toList())
          .endNodeSelectorTerm()
          .endRequired()
          .endNodeAffinity()
          .endSpec();
    }
    volume
        .claim()
        .ifPresent(
            claim ->
                builder
                    .editSpec()
                    .withNewClaimRef()
                    .withApiVersion("v1")
                    .withKind("PersistentVolumeClaim")
                    .withNamespace(names.namespace())
                    .withName(claim)
                    .endClaimRef()
                    .endSpec());
    return builder.build();
  }

  PersistentVolume volume(LocalVolume volume) {
    return new PersistentVolumeBuilder(
            localVolume(
                names.clusterWide(volume.name()),
                names.clusterWide(volume.hostname()),
                new Quantity(volume.size()),
                volume.reclaimPolicy().word()))
        .editSpec()
        .withStorageClassName(names.clusterWide(volume.storageClass()))
        .endSpec()
        .build();
  }

  /** Returns the name of the volume that a node's provisioner makes for {@code claim}. */
  String volumeNameFor(PersistentVolumeClaim claim) {
    return "pvc-" + claim.getMetadata().getUid();
  }

  /** Returns the volume that a node's provisioner makes for {@code claim}. */
  PersistentVolume volumeFor(
      PersistentVolumeClaim claim, StorageClass storageClass, String hostname) {
    return new PersistentVolumeBuilder(
            localVolume(
                volumeNameFor(claim),
                hostname,
                claim
                    .getSpec()
                    .getResources()
                    .getRequests()
                    .getOrDefault("storage", new Quantity("1Gi")),
                storageClass.getReclaimPolicy()))
        .editMetadata()
        .addToAnnotations("pv.kubernetes.io/provisioned-by", storageClass.getProvisioner())
        .endMetadata()
        .editSpec()
        .withStorageClassName(storageClass.getMetadata().getName())
        .withNewClaimRef()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNamespace(claim.getMetadata().getNamespace())
        .withName(claim.getMetadata().getName())
        .withUid(claim.getMetadata().getUid())
        .endClaimRef()
        .endSpec()
        .build();
  }

  private PersistentVolume localVolume(
      String name, String hostname, Quantity size, String reclaimPolicy) {
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(name)
        .withLabels(worldLabel())
        .endMetadata()
        .withNewSpec()
        .withCapacity(Map.of("storage", size))
        .withAccessModes("ReadWriteOnce")
        .withPersistentVolumeReclaimPolicy(reclaimPolicy)
        .withVolumeMode("Filesystem")
        .withNewLocal()
        .withPath(RealNodes.DISKS + "/" + name)
        .endLocal()
        .withNewNodeAffinity()
        .withNewRequired()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey(HOSTNAME)
        .withOperator("In")
        .withValues(hostname)
        .endMatchExpression()
        .endNodeSelectorTerm()
        .endRequired()
        .endNodeAffinity()
        .endSpec()
        .build();
  }

  StatefulSet statefulSet(LabStatefulSet set) {
    Map<String, String> labels = new TreeMap<>(set.labels());
    labels.put("app", set.name());
    List<VolumeMount> mounts =
        set.claims().stream()
            .map(
                claim ->
                    new VolumeMountBuilder()
                        .withName(claim.name())
                        .withMountPath("/" + claim.name())
                        .build())
            .toList();
    PodSpecBuilder podSpec =
        new PodSpecBuilder()
            .withTerminationGracePeriodSeconds(0L)
            .withNodeSelector(worldLabel())
            .addNewContainer()
            .withName("app")
            .withImage("lab.invalid/app")
            .withImagePullPolicy("IfNotPresent") // real nodes have it, and no registry has
            .withNewResources()
            .addToRequests("cpu", new Quantity(set.cpu()))
            .endResources()
            .withVolumeMounts(mounts)
            .endContainer();
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName(set.name())
        .withNamespace(names.namespace())
        .withLabels(worldLabel())
        .endMetadata()
        .withNewSpec()
        .withReplicas(set.replicas())
        .withServiceName(set.name())
        .withPodManagementPolicy(set.podManagement().word())
        .withNewSelector()
        .addToMatchLabels("app", set.name())
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(set.annotations())
        .endMetadata()
        .withSpec(set.podSpec().apply(podSpec).build())
        .endTemplate()
        .withVolumeClaimTemplates(set.claims().stream().map(this::claimTemplate).toList())
        .endSpec()
        .build();
  }

  PersistentVolumeClaim claimTemplate(LabStatefulSet.ClaimTemplate claim) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(claim.name())
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withStorageClassName(names.clusterWide(claim.storageClass()))
        .withNewResources()
        .addToRequests("storage", new Quantity(claim.size()))
        .endResources()
        .endSpec()
        .build();
  }
}
