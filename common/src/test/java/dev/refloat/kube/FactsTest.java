package dev.refloat.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ClaimTemplate;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.OwningSet;
import dev.refloat.recovery.Placement;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Volume;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySelectorTermBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacityBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Null ends here: every absent field gets the meaning that Kubernetes gives it. All objects come
 * through what is read of them.
 */
class FactsTest {

  private static Pod pod(io.fabric8.kubernetes.api.model.Pod pod) {
    return Facts.pod(Served.to(pod));
  }

  private static OwningSet set(StatefulSet set) {
    return Facts.set(Served.to(set));
  }

  private static Claim claim(PersistentVolumeClaim claim) {
    return Facts.claim(Served.to(claim));
  }

  private static Volume volume(PersistentVolume volume) {
    return Facts.volume(Served.to(volume));
  }

  private static Node node(io.fabric8.kubernetes.api.model.Node node) {
    return Facts.node(Served.to(node));
  }

  /** A pod without anything. */
  private static PodBuilder plain() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("p")
        .withNamespace("shop")
        .withUid("u")
        .endMetadata()
        .withNewSpec()
        .endSpec();
  }

  @Test
  void a_pod_without_anything_is_Pending_without_a_node() {
    Pod pod = pod(plain().build());

    assertThat(pod.unscheduled()).isTrue();
    assertThat(pod.controller()).isEmpty();
    assertThat(pod.volumes()).isEmpty();
    assertThat(pod.readySince()).isEmpty();
  }

  @Test
  void a_pod_is_refused_when_the_scheduler_says_so_and_not_before() {
    assertThat(Facts.refused(scheduled(Optional.empty()))).isFalse();
    assertThat(Facts.refused(scheduled(Optional.of("True")))).isFalse();
    assertThat(Facts.refused(scheduled(Optional.of("False")))).isTrue();
    assertThat(Facts.refused(new PodBuilder().build())).isFalse();
  }

  private static io.fabric8.kubernetes.api.model.Pod scheduled(Optional<String> status) {
    PodBuilder pod =
        new PodBuilder()
            .withNewStatus()
            .addNewCondition()
            .withType("Initialized")
            .withStatus("False")
            .endCondition()
            .endStatus();
    status.ifPresent(
        each ->
            pod.editStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus(each)
                .endCondition()
                .endStatus());
    return Served.to(pod.build());
  }

  @Test
  void S02_a_toleration_of_a_later_Kubernetes_may_bear_the_taint() {
    Node.Taint taint = new Node.Taint("sla", "950", "NoSchedule");
    assertThat(tolerating("Gt", "900").tolerates(taint)).isTrue();
    assertThat(tolerating("Equal", "900").tolerates(taint)).isFalse();
    assertThat(tolerating("", "900").tolerates(taint)).isFalse();
  }

  private static Placement tolerating(String operator, String value) {
    return pod(plain()
            .editSpec()
            .addNewToleration("NoSchedule", "sla", operator, null, value)
            .endSpec()
            .build())
        .placement();
  }

  @Test
  void others_annotations_are_not_kept() {
    Pod pod =
        pod(
            plain()
                .editMetadata()
                .addToAnnotations("refloat.dev/recover", "true")
                .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", "{}")
                .endMetadata()
                .build());

    assertThat(pod.annotations()).isEqualTo(Map.of("refloat.dev/recover", "true"));
  }

  @Test
  void a_stranded_pod_with_everything() {
    Pod pod =
        pod(
            new PodBuilder()
                .withNewMetadata()
                .withName("db-1")
                .withNamespace("shop")
                .withUid("u")
                .withResourceVersion("7")
                .withCreationTimestamp("2026-11-23T10:00:00Z")
                .withDeletionTimestamp("2026-11-23T10:00:00Z")
                .addToLabels("app", "db")
                .addToOwnerReferences(owner("Other", "x", "ux", false))
                .addToOwnerReferences(owner("StatefulSet", "db", "ud", true))
                .endMetadata()
                .withNewSpec()
                .addNewSchedulingGate("wait")
                .addNewVolume()
                .withName("config")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .addNewVolume()
                .withName("data")
                .withNewPersistentVolumeClaim("data-db-1", false)
                .endVolume()
                .addNewVolume()
                .withName("scratch")
                .withNewEphemeral()
                .endEphemeral()
                .endVolume()
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(Map.of("app", "db"))
                .endLabelSelector()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .endAffinity()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .withNominatedNodeName("n3")
                .endStatus()
                .build());

    assertThat(pod.controller()).contains(new Pod.Owner("StatefulSet", "db", "ud"));
    assertThat(pod.volumes())
        .containsExactly(
            new Pod.ClaimRef("data", "data-db-1", false),
            new Pod.ClaimRef("scratch", "db-1-scratch", true));
    assertThat(pod.gated()).isTrue();
    assertThat(pod.terminating()).isTrue();
    assertThat(pod.nominatedNode()).contains("n3");
    assertThat(pod.placement().aloneOnNode()).isTrue();
    assertThat(pod.id().resourceVersion()).isEqualTo("7");
  }

  @Test
  void anti_affinity_to_other_pods_says_nothing_about_siblings() {
    Pod pod =
        pod(
            new PodBuilder()
                .withNewMetadata()
                .withName("db-1")
                .addToLabels("app", "db")
                .endMetadata()
                .withNewSpec()
                .withNewAffinity()
                .withNewPodAntiAffinity()
                .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withTopologyKey("kubernetes.io/hostname")
                .withNewLabelSelector()
                .withMatchLabels(Map.of("app", "web"))
                .endLabelSelector()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .endAffinity()
                .endSpec()
                .build());

    assertThat(pod.placement().aloneOnNode()).isFalse();
  }

  @Test
  void a_set_has_Kubernetes_defaults() {
    OwningSet set =
        set(
            new StatefulSetBuilder()
                .withNewMetadata()
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .endTemplate()
                .endSpec()
                .build());

    assertThat(set.replicas()).isOne();
    assertThat(set.start()).isZero();
    assertThat(set.ordered()).isTrue();
    assertThat(set.minReady()).isEqualTo(Duration.ZERO);
  }

  @Test
  void the_ordinals_of_a_set_are_exact() {
    OwningSet set =
        set(
            new StatefulSetBuilder()
                .withNewMetadata()
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .endTemplate()
                .withNewOrdinals(5)
                .withReplicas(2)
                .addNewVolumeClaimTemplate()
                .withNewMetadata()
                .withName("data")
                .endMetadata()
                .withNewSpec()
                .withStorageClassName("")
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .endVolumeClaimTemplate()
                .endSpec()
                .build());

    assertThat(set.ordinalOf("db-5")).hasValue(5);
    assertThat(set.ordinalOf("db-05")).isEmpty();
    assertThat(set.ordinalOf("db-x-5")).isEmpty();
    assertThat(set.ordinalOf("web-5")).isEmpty();
    assertThat(set.wants(4)).isFalse();
    assertThat(set.wants(6)).isTrue();
    assertThat(set.wants(7)).isFalse();
    assertThat(set.made(new Pod.ClaimRef("data", "data-db-5", false), "db-5")).isTrue();
    assertThat(set.made(new Pod.ClaimRef("data", "data-db-6", false), "db-5")).isFalse();
    assertThat(set.made(new Pod.ClaimRef("data", "data-db-5", true), "db-5")).isFalse();
    assertThat(set.claimTemplates())
        .containsExactly(
            new ClaimTemplate("data", Optional.of(""), 1L << 30, Set.of(), "Filesystem"));
  }

  @Test
  void a_class_says_where_its_volumes_can_be_and_how_large() {
    StorageClass found =
        new StorageClassBuilder()
            .withNewMetadata()
            .withName("fast")
            .endMetadata()
            .withProvisioner("topolvm.io")
            .withVolumeBindingMode("WaitForFirstConsumer")
            .withAllowedTopologies(
                new TopologySelectorTermBuilder()
                    .addNewMatchLabelExpression()
                    .withKey("zone")
                    .withValues("a", "b")
                    .endMatchLabelExpression()
                    .build())
            .build();
    CSIStorageCapacity left =
        new CSIStorageCapacityBuilder()
            .withStorageClassName("fast")
            .withCapacity(new Quantity("5Gi"))
            .withMaximumVolumeSize(new Quantity("2Gi"))
            .withNewNodeTopology()
            .addToMatchLabels("node", "n1")
            .endNodeTopology()
            .build();
    CSIStorageCapacity nowhere =
        new CSIStorageCapacityBuilder()
            .withStorageClassName("fast")
            .withCapacity(new Quantity("9Gi"))
            .build();
    CSIStorageCapacity ofAnotherClass =
        new CSIStorageCapacityBuilder(left).withStorageClassName("slow").build();

    assertThat(
            Facts.storageClass(
                Served.to(found),
                Optional.of(Stream.of(left, nowhere, ofAnotherClass).map(Served::to).toList())))
        .isEqualTo(
            new dev.refloat.recovery.StorageClass(
                "fast",
                "topolvm.io",
                false,
                Optional.of(in("zone", "a", "b")),
                Optional.of(
                    List.of(
                        new dev.refloat.recovery.StorageClass.Capacity(
                            Optional.of(in("node", "n1")), 2L << 30)))));
  }

  @Test
  void a_class_that_says_nothing_binds_at_once_and_anywhere() {
    StorageClass found =
        new StorageClassBuilder()
            .withNewMetadata()
            .withName("fast")
            .endMetadata()
            .withProvisioner("rancher.io/local-path")
            .build();
    assertThat(Facts.storageClass(Served.to(found), Optional.empty()))
        .isEqualTo(
            new dev.refloat.recovery.StorageClass(
                "fast", "rancher.io/local-path", true, Optional.empty(), Optional.empty()));
  }

  private static NodeSelector in(String key, String... values) {
    return new NodeSelector(
        List.of(
            new NodeSelector.Term(
                List.of(
                    new NodeSelector.Requirement(key, NodeSelector.Operator.IN, List.of(values))),
                List.of())));
  }

  @Test
  void the_class_in_an_annotation_is_the_one_that_Kubernetes_goes_by() {
    Map<String, String> annotations = Map.of("volume.beta.kubernetes.io/storage-class", "fast");
    Volume volume =
        volume(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName("pv-1")
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withStorageClassName("slow")
                .endSpec()
                .build());
    PersistentVolumeClaim claim =
        new PersistentVolumeClaimBuilder()
            .withNewMetadata()
            .withName("data")
            .withAnnotations(annotations)
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();
    OwningSet set =
        set(
            new StatefulSetBuilder()
                .withNewMetadata()
                .withName("db")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .endTemplate()
                .withVolumeClaimTemplates(claim)
                .endSpec()
                .build());

    assertThat(volume.storageClass()).isEqualTo("fast");
    assertThat(claim(claim).storageClass()).contains("fast");
    assertThat(set.claimTemplates())
        .singleElement()
        .satisfies(template -> assertThat(template.storageClass()).contains("fast"));
  }

  @Test
  void a_volume_and_a_claim() {
    Volume volume =
        volume(
            new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName("pv-1")
                .endMetadata()
                .withNewSpec()
                .withCapacity(Map.of("storage", new Quantity("1Gi")))
                .withNewCsi()
                .withDriver("topolvm.io")
                .endCsi()
                .endSpec()
                .build());
    Claim claim =
        claim(
            new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-db-1")
                .addToAnnotations("volume.kubernetes.io/selected-node", "n1")
                .endMetadata()
                .withNewSpec()
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity("1500M")))
                .endResources()
                .endSpec()
                .build());

    assertThat(volume.source()).isEqualTo(new VolumeSource.Csi("topolvm.io"));
    assertThat(volume.bytes()).isEqualTo(1L << 30);
    assertThat(volume.affinity()).isEmpty();
    assertThat(volume.boundTo()).isEmpty();
    assertThat(volume.retained()).as("the API's default for volumes made by hand").isTrue();
    assertThat(claim.bytes()).isEqualTo(1_500_000_000L);
    assertThat(claim.selectedNode()).contains("n1");
    assertThat(claim.volumeName()).isEmpty();
  }

  @Test
  void a_node_is_Ready_only_if_it_says_so() {
    Node silent =
        node(
            new NodeBuilder()
                .withNewMetadata()
                .withName("n1")
                .withCreationTimestamp("2026-11-23T10:00:00Z")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build());
    Node ready =
        node(
            new NodeBuilder()
                .withNewMetadata()
                .withName("n1")
                .endMetadata()
                .withNewSpec()
                .withUnschedulable(true)
                .addNewTaint("NoSchedule", "gpu", null, "yes")
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .withLastTransitionTime("2026-11-23T10:00:05Z")
                .endCondition()
                .endStatus()
                .build());

    assertThat(silent.ready()).isFalse();
    assertThat(silent.readyChangedAt()).isEqualTo(Instant.parse("2026-11-23T10:00:00Z"));
    assertThat(ready.ready()).isTrue();
    assertThat(ready.unschedulable()).isTrue();
    assertThat(ready.taints()).containsExactly(new Node.Taint("gpu", "yes", "NoSchedule"));
    assertThat(ready.readyChangedAt()).isEqualTo(Instant.parse("2026-11-23T10:00:05Z"));
  }

  private static OwnerReference owner(String kind, String name, String uid, boolean controller) {
    return new OwnerReferenceBuilder()
        .withKind(kind)
        .withName(name)
        .withUid(uid)
        .withController(controller)
        .build();
  }

  @Test
  void what_a_volume_was_kept_for_counts_only_for_the_claim_that_it_is_bound_to() {
    assertThat(kept("uid-1", "uid-1").policyBeforeKept()).contains("Delete");
    assertThat(kept("uid-1", "uid-2").policyBeforeKept()).isEmpty();
  }

  private static Volume kept(String forClaim, String boundTo) {
    return volume(
        new PersistentVolumeBuilder()
            .withNewMetadata()
            .withName("pv-1")
            .addToAnnotations("refloat.dev/kept", "{\"claimUid\":\"" + forClaim + "\"}")
            .addToAnnotations("refloat.dev/reclaim-policy-was", "Delete")
            .endMetadata()
            .withNewSpec()
            .withNewClaimRef()
            .withUid(boundTo)
            .endClaimRef()
            .endSpec()
            .build());
  }
}
