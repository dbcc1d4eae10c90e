package dev.refloat.lab.drill;

import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.world.PodShell;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A StatefulSet that drills are run on, and what belongs to it, as it is now. */
record App(KubernetesClient client, String namespace, String name) {

  Optional<StatefulSet> find() {
    return Optional.ofNullable(
        client.apps().statefulSets().inNamespace(namespace).withName(name).get());
  }

  StatefulSet set() {
    return find()
        .orElseThrow(
            () -> new DrillStopped("StatefulSet %s/%s is gone".formatted(namespace, name)));
  }

  int replicas() {
    return Optional.ofNullable(set().getSpec().getReplicas()).orElse(1);
  }

  /** Returns the name of the first pod, which drills are about. */
  String podName() {
    return podNameOf(firstOrdinal());
  }

  /** Returns the name of a pod, also of a set that is gone. */
  String podNameOf(int ordinal) {
    return name + "-" + ordinal;
  }

  int firstOrdinal() {
    return Optional.ofNullable(set().getSpec().getOrdinals())
        .map(ordinals -> ordinals.getStart())
        .orElse(0);
  }

  List<String> podNames() {
    int first = firstOrdinal();
    return IntStream.range(first, first + replicas()).mapToObj(this::podNameOf).toList();
  }

  Optional<Pod> pod() {
    return pod(podName());
  }

  Optional<Pod> pod(String pod) {
    return Optional.ofNullable(client.pods().inNamespace(namespace).withName(pod).get());
  }

  /** Returns the claims that the first pod has of the set's templates, by the template's name. */
  Map<String, PersistentVolumeClaim> claims() {
    return claims(podName());
  }

  Map<String, PersistentVolumeClaim> claims(String pod) {
    Map<String, PersistentVolumeClaim> claims = new TreeMap<>();
    for (PersistentVolumeClaim template : set().getSpec().getVolumeClaimTemplates()) {
      String claim = template.getMetadata().getName() + "-" + pod;
      claim(claim).ifPresent(found -> claims.put(template.getMetadata().getName(), found));
    }
    return claims;
  }

  Optional<PersistentVolumeClaim> claim(String claim) {
    return Optional.ofNullable(
        client.persistentVolumeClaims().inNamespace(namespace).withName(claim).get());
  }

  Optional<PersistentVolume> volume(String inCluster) {
    return Optional.ofNullable(client.persistentVolumes().withName(inCluster).get());
  }

  PodShell shell() {
    return PodShell.of(client, namespace, podName());
  }

  /** Returns where the first container has the volume of the set's first template. */
  Optional<String> dataFolder() {
    StatefulSetSpec spec = set().getSpec();
    return spec.getVolumeClaimTemplates().stream()
        .findFirst()
        .map(template -> template.getMetadata().getName())
        .flatMap(
            volume ->
                spec.getTemplate().getSpec().getContainers().getFirst().getVolumeMounts().stream()
                    .filter(mount -> mount.getName().equals(volume))
                    .map(VolumeMount::getMountPath)
                    .findFirst());
  }

  /** Returns what the pod template says about giving its volumes up. */
  OptInReading optIn() {
    Map<String, String> annotations =
        Optional.ofNullable(set().getSpec().getTemplate().getMetadata().getAnnotations())
            .orElse(Map.of());
    return OptInReader.read(annotations);
  }

  /** Returns the UIDs of the first pod's claims, by their names. */
  Map<String, String> claimUids() {
    return claimUids(List.of(podName()));
  }

  /** Returns the UIDs of these pods' claims, by the claims' names. */
  Map<String, String> claimUids(List<String> pods) {
    Map<String, String> uids = new TreeMap<>();
    for (String pod : pods) {
      claims(pod).values().forEach(claim -> uids.put(claim.getMetadata().getName(), uid(claim)));
    }
    return uids;
  }

  /** Returns the template's opt-in. */
  OptIn optedIn() {
    return switch (optIn()) {
      case OptInReading.Yes(OptIn optIn) -> optIn;
      case OptInReading.No() ->
          throw new DrillRefused(
              "%s has not opted in (%s in its pod template): its pod would stay Pending"
                  .formatted(name, Names.RECOVER));
      case OptInReading.Malformed(var mistakes) ->
          throw new DrillRefused("the opt-in of %s makes no sense: %s".formatted(name, mistakes));
    };
  }

  /** As {@code kubectl delete pod --force --grace-period=0}, but this very pod and no other. */
  void deleteByForce(Pod pod) {
    var _ =
        client.raw(
            "/api/v1/namespaces/%s/pods/%s".formatted(namespace, pod.getMetadata().getName()),
            "DELETE",
            new DeleteOptionsBuilder()
                .withGracePeriodSeconds(0L)
                .withNewPreconditions()
                .withUid(uid(pod))
                .endPreconditions()
                .build());
  }

  /** Returns the value of the label by which the controller finds a pod. */
  static Optional<String> label(Pod pod) {
    return Optional.ofNullable(pod.getMetadata().getLabels())
        .map(labels -> labels.get(Names.LOCAL_STORAGE));
  }

  static String uid(HasMetadata object) {
    return object.getMetadata().getUid();
  }
}
