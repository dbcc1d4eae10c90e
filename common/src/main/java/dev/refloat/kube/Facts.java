package dev.refloat.kube;

import dev.refloat.optin.Names;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.ClaimTemplate;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.OwningSet;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.Volume;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeSpec;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TopologySelectorTerm;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Refloat decides about, out of objects as the API server serves them. Every absent field gets
 * the meaning that Kubernetes gives it.
 */
public final class Facts {

  private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

  private Facts() {}

  public static ObjectId id(HasMetadata object) {
    ObjectMeta meta = object.getMetadata();
    return new ObjectId(
        text(meta.getNamespace()),
        text(meta.getName()),
        text(meta.getUid()),
        text(meta.getResourceVersion()));
  }

  public static Pod pod(io.fabric8.kubernetes.api.model.Pod pod) {
    PodSpec spec = pod.getSpec();
    Optional<io.fabric8.kubernetes.api.model.PodStatus> status =
        Optional.ofNullable(pod.getStatus());
    return new Pod(
        id(pod),
        ours(map(pod.getMetadata().getAnnotations())),
        status.map(each -> each.getPhase()).orElse("Pending"),
        some(spec.getNodeName()),
        status.flatMap(each -> some(each.getNominatedNodeName())),
        !list(spec.getSchedulingGates()).isEmpty(),
        pod.getMetadata().getDeletionTimestamp() != null,
        created(pod),
        controller(pod),
        claims(pod),
        status.flatMap(each -> readySince(list(each.getConditions()))),
        Placements.of(pod));
  }

  /** Others' annotations may be long, and every pod of a namespace is looked at. */
  private static Map<String, String> ours(Map<String, String> annotations) {
    return annotations.entrySet().stream()
        .filter(each -> each.getKey().startsWith(Names.PREFIX))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /**
   * Whether the scheduler has refused the pod once, or holds it back. It sets the condition {@code
   * PodScheduled} to False then; a pod that it has not come to yet has no such condition.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/schedule_one.go">
   *     handleSchedulingFailure</a>
   */
  public static boolean refused(io.fabric8.kubernetes.api.model.Pod pod) {
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status -> list(status.getConditions()).stream())
        .anyMatch(
            each -> "PodScheduled".equals(each.getType()) && "False".equals(each.getStatus()));
  }

  public static OwningSet set(StatefulSet set) {
    StatefulSetSpec spec = set.getSpec();
    return new OwningSet(
        id(set),
        spec.getOrdinals() == null ? 0 : number(spec.getOrdinals().getStart(), 0),
        number(spec.getReplicas(), 1),
        list(spec.getVolumeClaimTemplates()).stream().map(Facts::claimTemplate).toList(),
        map(set.getMetadata().getAnnotations()),
        spec.getTemplate().getMetadata() == null
            ? Map.of()
            : map(spec.getTemplate().getMetadata().getAnnotations()),
        !"Parallel".equals(spec.getPodManagementPolicy()),
        Duration.ofSeconds(number(spec.getMinReadySeconds(), 0)),
        created(set),
        set.getMetadata().getDeletionTimestamp() != null);
  }

  public static Claim claim(PersistentVolumeClaim claim) {
    PersistentVolumeClaimSpec spec = claim.getSpec();
    return new Claim(
        id(claim),
        claim.getStatus() == null ? "Pending" : text(claim.getStatus().getPhase()),
        some(spec.getVolumeName()),
        ClassNames.of(claim).filter(Predicate.not(String::isEmpty)),
        map(claim.getMetadata().getAnnotations()),
        map(claim.getMetadata().getLabels()).containsKey(Names.RECOVERED),
        Set.copyOf(list(claim.getMetadata().getFinalizers())),
        created(claim),
        claim.getMetadata().getDeletionTimestamp() != null,
        some(map(claim.getMetadata().getAnnotations()).get(SELECTED_NODE)),
        requested(spec),
        Set.copyOf(list(spec.getAccessModes())),
        some(spec.getVolumeMode()).orElse("Filesystem"));
  }

  private static ClaimTemplate claimTemplate(PersistentVolumeClaim template) {
    PersistentVolumeClaimSpec spec = template.getSpec();
    return new ClaimTemplate(
        text(template.getMetadata().getName()),
        ClassNames.of(template),
        requested(spec),
        Set.copyOf(list(spec.getAccessModes())),
        some(spec.getVolumeMode()).orElse("Filesystem"));
  }

  private static long requested(PersistentVolumeClaimSpec spec) {
    return spec.getResources() == null
        ? 0
        : bytes(map(spec.getResources().getRequests()).get("storage"));
  }

  /**
   * A class, and what its driver says is left.
   *
   * @param capacities the CSIStorageCapacity objects of all classes; empty if the scheduler does
   *     not ask for them
   */
  public static dev.refloat.recovery.StorageClass storageClass(
      StorageClass found, Optional<List<CSIStorageCapacity>> capacities) {
    String name = text(found.getMetadata().getName());
    List<TopologySelectorTerm> topologies = list(found.getAllowedTopologies());
    return new dev.refloat.recovery.StorageClass(
        name,
        text(found.getProvisioner()),
        !"WaitForFirstConsumer".equals(found.getVolumeBindingMode()),
        topologies.isEmpty() ? Optional.empty() : Optional.of(Placements.topologies(topologies)),
        capacities.map(
            all ->
                all.stream()
                    .filter(each -> name.equals(each.getStorageClassName()))
                    .flatMap(each -> capacity(each).stream())
                    .toList()));
  }

  /**
   * One without a topology is reachable from nowhere, one with an empty topology from everywhere.
   */
  private static Optional<dev.refloat.recovery.StorageClass.Capacity> capacity(
      CSIStorageCapacity capacity) {
    Quantity most =
        capacity.getMaximumVolumeSize() == null
            ? capacity.getCapacity()
            : capacity.getMaximumVolumeSize();
    return Optional.ofNullable(capacity.getNodeTopology())
        .map(
            nodes ->
                new dev.refloat.recovery.StorageClass.Capacity(
                    Placements.labels(nodes), bytes(most)));
  }

  public static Volume volume(PersistentVolume volume) {
    PersistentVolumeSpec spec = volume.getSpec();
    var affinity = spec.getNodeAffinity() == null ? null : spec.getNodeAffinity().getRequired();
    return new Volume(
        id(volume),
        created(volume),
        source(spec),
        Optional.ofNullable(affinity).map(Placements::selector),
        Optional.ofNullable(spec.getClaimRef())
            .map(
                ref ->
                    new Volume.BoundTo(
                        text(ref.getNamespace()), text(ref.getName()), text(ref.getUid()))),
        volume.getStatus() == null ? "Pending" : text(volume.getStatus().getPhase()),
        some(spec.getPersistentVolumeReclaimPolicy()).orElse("Retain"),
        ClassNames.of(volume),
        bytes(map(spec.getCapacity()).get("storage")),
        Set.copyOf(list(spec.getAccessModes())),
        some(spec.getVolumeMode()).orElse("Filesystem"),
        volume.getMetadata().getDeletionTimestamp() != null,
        policyBeforeKept(volume));
  }

  public static Node node(io.fabric8.kubernetes.api.model.Node node) {
    Optional<NodeCondition> ready =
        node.getStatus() == null
            ? Optional.empty()
            : list(node.getStatus().getConditions()).stream()
                .filter(each -> "Ready".equals(each.getType()))
                .findFirst();
    return new Node(
        node.getMetadata().getName(),
        text(node.getMetadata().getUid()),
        created(node),
        map(node.getMetadata().getLabels()),
        Boolean.TRUE.equals(node.getSpec().getUnschedulable()),
        list(node.getSpec().getTaints()).stream()
            .map(
                taint ->
                    new Node.Taint(
                        text(taint.getKey()), text(taint.getValue()), text(taint.getEffect())))
            .toList(),
        ready.filter(each -> "True".equals(each.getStatus())).isPresent(),
        ready
            .flatMap(each -> some(each.getLastTransitionTime()))
            .map(Instant::parse)
            .orElse(created(node)));
  }

  /**
   * Only if it was kept for the claim that it is bound to now: an older record is of another claim.
   */
  private static Optional<String> policyBeforeKept(PersistentVolume volume) {
    Map<String, String> annotations = map(volume.getMetadata().getAnnotations());
    String kept = text(annotations.get(Names.KEPT));
    return Optional.ofNullable(volume.getSpec().getClaimRef())
        .flatMap(ref -> some(ref.getUid()))
        .filter(kept::contains)
        .flatMap(_ -> some(annotations.get(Names.RECLAIM_POLICY_WAS)));
  }

  private static VolumeSource source(PersistentVolumeSpec spec) {
    if (spec.getLocal() != null) {
      return new VolumeSource.Local();
    }
    if (spec.getHostPath() != null) {
      return new VolumeSource.HostPath();
    }
    if (spec.getCsi() != null) {
      return new VolumeSource.Csi(text(spec.getCsi().getDriver()));
    }
    return new VolumeSource.Other();
  }

  private static Optional<Pod.Owner> controller(HasMetadata object) {
    return list(object.getMetadata().getOwnerReferences()).stream()
        .filter(owner -> Boolean.TRUE.equals(owner.getController()))
        .findFirst()
        .map(Facts::owner);
  }

  private static Pod.Owner owner(OwnerReference owner) {
    return new Pod.Owner(text(owner.getKind()), text(owner.getName()), text(owner.getUid()));
  }

  private static List<Pod.ClaimRef> claims(io.fabric8.kubernetes.api.model.Pod pod) {
    return list(pod.getSpec().getVolumes()).stream()
        .flatMap(
            volume -> {
              if (volume.getPersistentVolumeClaim() != null) {
                return Stream.of(
                    new Pod.ClaimRef(
                        volume.getName(), volume.getPersistentVolumeClaim().getClaimName(), false));
              }
              // A generic ephemeral volume's claim is called POD-VOLUME.
              return volume.getEphemeral() == null
                  ? Stream.empty()
                  : Stream.of(
                      new Pod.ClaimRef(
                          volume.getName(),
                          pod.getMetadata().getName() + "-" + volume.getName(),
                          true));
            })
        .toList();
  }

  private static Optional<Instant> readySince(List<PodCondition> conditions) {
    return conditions.stream()
        .filter(each -> "Ready".equals(each.getType()) && "True".equals(each.getStatus()))
        .findFirst()
        .flatMap(each -> some(each.getLastTransitionTime()))
        .map(Instant::parse);
  }

  private static Instant created(HasMetadata object) {
    return some(object.getMetadata().getCreationTimestamp())
        .map(Instant::parse)
        .orElse(Instant.EPOCH);
  }

  private static long bytes(@Nullable Quantity quantity) {
    return quantity == null
        ? 0
        : quantity.getNumericalAmount().setScale(0, RoundingMode.CEILING).longValue();
  }

  private static int number(@Nullable Integer number, int otherwise) {
    return number == null ? otherwise : number;
  }

  static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }

  static Optional<String> some(@Nullable String text) {
    return Optional.ofNullable(text).filter(each -> !each.isEmpty());
  }

  static <T> List<T> list(@Nullable Collection<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  static <V> Map<String, V> map(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Map.copyOf(map);
  }

  static NodeSelector.Operator operator(@Nullable String operator) {
    return NodeSelector.Operator.of(text(operator));
  }
}
