package dev.refloat.controller.survey;

import dev.refloat.controller.SetKey;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Cluster;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.OwningSet;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.PodStorage;
import dev.refloat.recovery.Policy;
import dev.refloat.recovery.Sightings;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.Traffic;
import dev.refloat.recovery.Volume;
import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.Locality;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads everything about the stranded pods of one StatefulSet, live.
 *
 * <p>Only a live 404 and a complete LIST prove that something is not there (S47). Everything else
 * that goes wrong makes the whole survey {@link Findings.Unreadable}, and nothing is decided.
 */
public final class Survey {

  private final KubernetesClient client;
  private final InstantSource time;
  private final Policy policy;
  private final Nodes nodes;
  private final Absences absences;

  public Survey(KubernetesClient client, InstantSource time, Policy policy) {
    this.client = client;
    this.time = time;
    this.policy = policy;
    this.nodes = new Nodes(client, time);
    this.absences = new Absences();
  }

  /**
   * Surveys the pods of that set which wait for a node.
   *
   * @param pods names of the pods that are suspected; each is read again
   * @param notBefore nodes are shared with other surveys for a second, but not from before this
   *     time: what woke the set may be the loss of a node
   */
  public Findings of(SetKey key, Set<String> pods, Instant notBefore) {
    try {
      return new Findings.Situations(read(key, pods, notBefore));
    } catch (KubernetesClientException e) {
      return new Findings.Unreadable(Failures.words(e));
    }
  }

  private List<Situation> read(SetKey key, Set<String> suspects, Instant notBefore) {
    String namespace = key.namespace();
    Optional<OwningSet> owner =
        Optional.ofNullable(
                client.apps().statefulSets().inNamespace(namespace).withName(key.name()).get())
            .map(Facts::set);
    Optional<Namespace> space = Optional.ofNullable(client.namespaces().withName(namespace).get());
    List<Pod> all =
        Pages.all(
            options -> client.pods().inNamespace(namespace).list(options), _ -> true, Facts::pod);
    Nodes.Seen seen = nodes.notBefore(notBefore);
    List<Situation> situations = new ArrayList<>();
    Map<String, String> provisioners = new HashMap<>();
    for (Pod pod : all) {
      if (!suspects.contains(pod.name()) || SetKey.of(pod).filter(key::equals).isEmpty()) {
        continue;
      }
      List<PodStorage> storage = new ArrayList<>();
      for (Pod.ClaimRef ref : pod.volumes()) {
        storage.add(storage(namespace, ref, provisioners));
      }
      Cluster cluster = new Cluster(seen.nodes(), csiNodes(storage, seen.nodes()), seen.vanished());
      situations.add(
          new Situation(
              time.instant(),
              pod,
              owner,
              space.map(each -> annotations(each)).orElse(Map.of()),
              space.isEmpty() || space.get().getMetadata().getDeletionTimestamp() != null,
              storage,
              all.stream().filter(other -> !other.id().uid().equals(pod.id().uid())).toList(),
              spareVolumes(storage),
              cluster,
              Sightings.NONE,
              Traffic.NONE,
              policy));
    }
    return situations;
  }

  private static Map<String, String> annotations(Namespace namespace) {
    Map<String, String> annotations = namespace.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private PodStorage storage(String namespace, Pod.ClaimRef ref, Map<String, String> provisioners) {
    PersistentVolumeClaim found =
        client.persistentVolumeClaims().inNamespace(namespace).withName(ref.claim()).get();
    if (found == null) {
      Duration absent = absences.seen(namespace + "/" + ref.claim(), time.instant());
      return new PodStorage.ClaimAbsent(ref, absent);
    }
    absences.over(namespace + "/" + ref.claim());
    Claim claim = Facts.claim(found);
    if (claim.volumeName().isEmpty()) {
      return new PodStorage.Unbound(ref, claim);
    }
    PersistentVolume volume = client.persistentVolumes().withName(claim.volumeName().get()).get();
    if (volume == null) {
      return new PodStorage.VolumeAbsent(ref, claim, claim.volumeName().get());
    }
    String provisioner =
        claim
            .storageClass()
            .map(name -> provisioners.computeIfAbsent(name, this::provisionerOf))
            .orElse(LocalStorage.NO_PROVISIONER);
    return new PodStorage.Present(ref, claim, Facts.volume(volume), Optional.of(provisioner));
  }

  /** A class that is not there has no provisioner: its volumes are made by hand. */
  private String provisionerOf(String storageClass) {
    StorageClass found = client.storage().v1().storageClasses().withName(storageClass).get();
    return found == null ? LocalStorage.NO_PROVISIONER : found.getProvisioner();
  }

  /** Looks for CSINodes of pinned names that no live Node has. */
  private Set<String> csiNodes(List<PodStorage> storage, List<Node> live) {
    Set<String> names = new HashSet<>();
    for (PodStorage each : storage) {
      if (each instanceof PodStorage.Present(_, _, Volume volume, _)
          && policy.storage().of(volume.source(), volume.affinity())
              instanceof Locality.Pinned(_, _, var pinned)) {
        names.addAll(pinned);
      }
    }
    live.forEach(node -> names.remove(node.name()));
    return names.stream()
        .filter(name -> client.storage().v1().csiNodes().withName(name).get() != null)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Free volumes, if any of the claims is of a class whose volumes are made by hand. */
  private List<Volume> spareVolumes(List<PodStorage> storage) {
    Set<String> classes = new HashSet<>();
    for (PodStorage each : storage) {
      if (each instanceof PodStorage.Present(_, Claim claim, _, Optional<String> provisioner)
          && provisioner.filter(LocalStorage::isStatic).isPresent()) {
        claim.storageClass().ifPresent(classes::add);
      }
    }
    if (classes.isEmpty()) {
      return List.of();
    }
    return Pages.all(
        options -> client.persistentVolumes().list(options),
        volume ->
            volume.getSpec().getClaimRef() == null
                && volume.getSpec().getStorageClassName() != null
                && classes.contains(volume.getSpec().getStorageClassName())
                && volume.getStatus() != null
                && "Available".equals(volume.getStatus().getPhase()),
        Facts::volume);
  }

  /**
   * The last look before a claim goes: whether the pod still waits, and its node is still lost in
   * the same way.
   *
   * @throws KubernetesClientException if it could not be read
   */
  public LastLook lastLook(Situation situation) {
    Pod before = situation.pod();
    io.fabric8.kubernetes.api.model.Pod found =
        client.pods().inNamespace(before.id().namespace()).withName(before.name()).get();
    if (found == null) {
      return new LastLook.Changed("the pod is gone");
    }
    Pod pod = Facts.pod(found);
    if (!pod.id().uid().equals(before.id().uid())) {
      return new LastLook.Changed("the pod has been replaced");
    }
    if (!pod.unscheduled() || pod.terminating()) {
      return new LastLook.Changed("the pod does not wait for a node any more");
    }
    for (Situation.LostClaim lost : situation.lostClaims()) {
      Cluster around =
          new Cluster(
              nodesNamed(lost.pinned()), csiNodes(List.of(lost.storage()), List.of()), Set.of());
      if (!dev.refloat.recovery.Home.of(lost.pinned(), around, pod).equals(lost.home())) {
        return new LastLook.Changed("node " + lost.home().name() + " has changed");
      }
    }
    return new LastLook.Same();
  }

  private List<Node> nodesNamed(Locality.Pinned pinned) {
    Map<String, Node> found = new HashMap<>();
    for (String name : pinned.names()) {
      Optional.ofNullable(client.nodes().withName(name).get())
          .map(Facts::node)
          .ifPresent(node -> found.put(node.name(), node));
    }
    String[] values = pinned.names().toArray(String[]::new);
    for (String key : pinned.keys()) {
      client.nodes().withLabelIn(key, values).list().getItems().stream()
          .map(Facts::node)
          .forEach(node -> found.put(node.name(), node));
    }
    return List.copyOf(found.values());
  }

  /**
   * Looks which nodes are alive, to know later which ones vanished. To be called twice a minute.
   *
   * @throws KubernetesClientException if it could not be read
   */
  public void lookAround() {
    nodes.lookAround();
  }

  /** Forgets absences that are older than any decision that could use them. */
  public void tidy() {
    absences.forgetBefore(time.instant().minus(Duration.ofMinutes(5)));
  }

  /** Starts every count of an absence anew, because nobody was looking. */
  public void looksInterrupted() {
    absences.forgetBefore(Instant.MAX);
  }
}
