package dev.refloat.lab.drill;

import dev.refloat.optin.Names;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pod that stays Pending for another reason than a lost node. All begin as pods that run, on
 * local volumes of the app's class and as opted in as one can be: whoever errs about them deletes
 * them at once.
 */
enum Decoy {
  NO_CPU("no-cpu", "asks for 1,000 CPUs"),
  BAD_SELECTOR("bad-selector", "its nodeSelector fits no node"),
  WRONG_AFFINITY("wrong-affinity", "its affinity excludes its volume's node"),
  MISSING_IMAGE("missing-image", "has a node, and an image that is nowhere"),
  UNBOUND_CLAIM("unbound-claim", "a second claim is of a class that is not there");

  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String CONTAINER = "decoy";
  static final String VOLUME = "data";
  private static final Quantity ENOUGH = new Quantity("1Gi");
  private static final String NOWHERE = "refloat-drill-nowhere";

  private final String word;
  private final String words;

  Decoy(String word, String words) {
    this.word = word;
    this.words = words;
  }

  /** Returns the end of its set's name. */
  String word() {
    return word;
  }

  /** Returns what is wrong with it. */
  String words() {
    return words;
  }

  /**
   * Returns the reason that Refloat must give for leaving it alone; empty if it says nothing,
   * because the pod has a node.
   */
  Optional<String> reason() {
    return switch (this) {
      case NO_CPU, BAD_SELECTOR, WRONG_AFFINITY -> Optional.of("PinnedNodeHealthy");
      case UNBOUND_CLAIM -> Optional.of("ClaimUnbound");
      case MISSING_IMAGE -> Optional.empty();
    };
  }

  /** Returns whether the scheduler finds a node for it. */
  boolean hasNode() {
    return this == MISSING_IMAGE;
  }

  /**
   * Returns a set of one pod that runs wherever the app's pods can, does nothing, and goes with its
   * claims and data when it is deleted.
   */
  static StatefulSet like(StatefulSet app, String name) {
    PodSpec spec = app.getSpec().getTemplate().getSpec();
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(app.getMetadata().getNamespace())
        .endMetadata()
        .withNewSpec()
        .withServiceName(name)
        .withReplicas(1)
        .withNewSelector()
        .addToMatchLabels("app", name)
        .endSelector()
        .withNewPersistentVolumeClaimRetentionPolicy()
        .withWhenDeleted("Delete")
        .endPersistentVolumeClaimRetentionPolicy()
        .withNewTemplate()
        .withNewMetadata()
        .addToLabels("app", name)
        .addToAnnotations(Names.RECOVER, "node-gone,node-not-ready,node-cordoned,node-tainted")
        .addToAnnotations(Names.AFTER, "0s")
        .addToAnnotations(Names.DATA, "discard")
        .endMetadata()
        .withSpec(
            new PodSpecBuilder()
                .withTerminationGracePeriodSeconds(0L)
                .withNodeSelector(spec.getNodeSelector())
                .withTolerations(spec.getTolerations())
                .withAffinity(nodeAffinity(spec))
                .withPriorityClassName(spec.getPriorityClassName())
                .withRuntimeClassName(spec.getRuntimeClassName())
                .withImagePullSecrets(spec.getImagePullSecrets())
                .withSecurityContext(spec.getSecurityContext())
                .withContainers(container(spec.getContainers().getFirst()))
                .build())
        .endTemplate()
        .withVolumeClaimTemplates(claim(app))
        .endSpec()
        .build();
  }

  /** Where it may run, and nothing about who runs beside it. */
  private static @Nullable Affinity nodeAffinity(PodSpec spec) {
    return spec.getAffinity() == null || spec.getAffinity().getNodeAffinity() == null
        ? null
        : new AffinityBuilder().withNodeAffinity(spec.getAffinity().getNodeAffinity()).build();
  }

  private static Container container(Container like) {
    return new ContainerBuilder()
        .withName(CONTAINER)
        .withImage(like.getImage())
        .withImagePullPolicy(like.getImagePullPolicy())
        .withSecurityContext(like.getSecurityContext())
        .withCommand("sh", "-c", "while true; do sleep 3600; done")
        .addNewVolumeMount()
        .withName(VOLUME)
        .withMountPath("/decoy")
        .endVolumeMount()
        .withNewResources()
        .addToRequests("cpu", new Quantity("10m"))
        .addToRequests("memory", new Quantity("16Mi"))
        .endResources()
        .build();
  }

  private static PersistentVolumeClaim claim(StatefulSet app) {
    PersistentVolumeClaim like = app.getSpec().getVolumeClaimTemplates().getFirst();
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(VOLUME)
        .endMetadata()
        .withNewSpec()
        .withAccessModes(like.getSpec().getAccessModes())
        .withStorageClassName(like.getSpec().getStorageClassName())
        .withVolumeMode(like.getSpec().getVolumeMode())
        .withNewResources()
        .addToRequests("storage", size(like))
        .endResources()
        .endSpec()
        .build();
  }

  /** As much as the app asks for, and no more than a decoy needs. */
  private static Quantity size(PersistentVolumeClaim like) {
    return Optional.ofNullable(like.getSpec().getResources().getRequests().get("storage"))
        .filter(asked -> asked.getNumericalAmount().compareTo(ENOUGH.getNumericalAmount()) < 0)
        .orElse(ENOUGH);
  }

  /** Whether what is wrong with it can only be there from the beginning. */
  boolean isBornWrong() {
    return this == UNBOUND_CLAIM;
  }

  /**
   * Returns {@code healthy} with what is wrong with this one.
   *
   * @param home the hostname of the node that its volume is on; empty if it has none yet
   */
  StatefulSet spoil(StatefulSet healthy, String home) {
    return switch (this) {
      case NO_CPU ->
          container(
              healthy,
              one -> one.editResources().addToRequests("cpu", new Quantity("1000")).endResources());
      case MISSING_IMAGE ->
          container(healthy, one -> one.withImage("refloat-drill.invalid/nothing:0"));
      case BAD_SELECTOR ->
          pod(healthy, one -> one.addToNodeSelector("drill.refloat.dev/nowhere", "true"));
      case WRONG_AFFINITY ->
          pod(
              healthy,
              one ->
                  one.editOrNewAffinity()
                      .editOrNewNodeAffinity()
                      .withRequiredDuringSchedulingIgnoredDuringExecution(allBut(home))
                      .endNodeAffinity()
                      .endAffinity());
      case UNBOUND_CLAIM -> withClaimOfNoClass(healthy);
    };
  }

  private static NodeSelector allBut(String hostname) {
    return new NodeSelectorBuilder()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey(HOSTNAME)
        .withOperator("NotIn")
        .withValues(hostname)
        .endMatchExpression()
        .endNodeSelectorTerm()
        .build();
  }

  private static StatefulSet pod(StatefulSet set, UnaryOperator<PodSpecBuilder> change) {
    return new StatefulSetBuilder(set)
        .editSpec()
        .editTemplate()
        .withSpec(change.apply(new PodSpecBuilder(set.getSpec().getTemplate().getSpec())).build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static StatefulSet container(StatefulSet set, UnaryOperator<ContainerBuilder> change) {
    return pod(
        set,
        spec ->
            spec.withContainers(
                change.apply(new ContainerBuilder(spec.buildContainer(0))).build()));
  }

  private static StatefulSet withClaimOfNoClass(StatefulSet set) {
    List<PersistentVolumeClaim> claims = new ArrayList<>(set.getSpec().getVolumeClaimTemplates());
    claims.add(
        new PersistentVolumeClaimBuilder(claims.getFirst())
            .editMetadata()
            .withName("more")
            .endMetadata()
            .editSpec()
            .withStorageClassName(NOWHERE)
            .endSpec()
            .build());
    StatefulSet withMore =
        new StatefulSetBuilder(set).editSpec().withVolumeClaimTemplates(claims).endSpec().build();
    return container(
        withMore,
        one -> one.addNewVolumeMount().withName("more").withMountPath("/more").endVolumeMount());
  }
}
