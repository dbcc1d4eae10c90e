package dev.refloat.controller.survey;

import dev.refloat.controller.SetKey;
import dev.refloat.kube.Facts;
import dev.refloat.lean.LeanLists;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Cluster;
import dev.refloat.recovery.Home;
import dev.refloat.recovery.LostClaim;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.OwningSet;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.PodStorage;
import dev.refloat.recovery.Policy;
import dev.refloat.recovery.Sightings;
import dev.refloat.recovery.Situation;
import dev.refloat.recovery.SpareVolumes;
import dev.refloat.recovery.StorageClass;
import dev.refloat.recovery.Traffic;
import dev.refloat.recovery.Volume;
import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.Locality;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
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

  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** What many sets of a namespace ask for at once is asked once. */
  private static final Duration SHARED_FOR = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource time;
  private final Policy policy;
  private final Nodes nodes;
  private final Classes classes;
  private final Shared<String, Optional<Namespace>> namespaces;
  private final Neighbours neighbours;

  /** Whether there is a CSINode of that name: all pods of a lost node ask the same. */
  private final Shared<String, Boolean> csiNodes;

  private final Absences absences;

  public Survey(KubernetesClient client, InstantSource time, Policy policy, Heartbeats heartbeats) {
    this.client = client;
    this.time = time;
    this.policy = policy;
    this.nodes = new Nodes(client, time, heartbeats);
    this.classes = new Classes(client, time);
    this.namespaces =
        new Shared<>(
            SHARED_FOR,
            time,
            name -> Optional.ofNullable(client.namespaces().withName(name).get()));
    this.neighbours =
        new Neighbours(
            SHARED_FOR,
            time,
            new LeanLists(client)::podsOf,
            (namespace, name) ->
                Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get())
                    .map(Facts::pod));
    this.csiNodes =
        new Shared<>(
            SHARED_FOR,
            time,
            name -> client.storage().v1().csiNodes().withName(name).get() != null);
    this.absences = new Absences();
  }

  /**
   * Surveys the pods of that set which wait for a node.
   *
   * @param suspects by name, each in the version that the watch knows
   * @param notBefore nodes and namespaces are shared with other surveys for a second, but not from
   *     before this time: what made the set due may be the loss of a node. The other pods of the
   *     namespace are shared in any case
   */
  public Findings of(SetKey key, Map<String, ObjectId> suspects, Instant notBefore) {
    return read(key, suspects, notBefore, Instant.MIN);
  }

  /** Surveys one pod once more, because what was shared has become old. */
  public Findings again(SetKey key, ObjectId suspect) {
    Instant justNow = time.instant().minus(SHARED_FOR);
    return read(key, Map.of(suspect.name(), suspect), justNow, justNow);
  }

  private Findings read(
      SetKey key, Map<String, ObjectId> suspects, Instant notBefore, Instant podsNotBefore) {
    try {
      return situations(key, suspects, notBefore, podsNotBefore);
    } catch (KubernetesClientException e) {
      return new Findings.Unreadable(Failures.words(e));
    }
  }

  /** What is shared comes first: it may take long, and what is read after it is younger. */
  private Findings.Situations situations(
      SetKey key, Map<String, ObjectId> suspects, Instant notBefore, Instant podsNotBefore) {
    String namespace = key.namespace();
    Nodes.Seen seen = nodes.notBefore(notBefore);
    Shared.Answer<List<Pod>> pods =
        neighbours.of(namespace, suspects.values(), notBefore, podsNotBefore);
    Shared.Answer<Optional<Namespace>> spaces = namespaces.get(namespace, notBefore);
    Instant factsFrom = Collections.min(List.of(seen.asked(), pods.asked(), spaces.asked()));
    List<Pod> all = pods.value();
    List<Pod> suspected =
        all.stream()
            .filter(pod -> suspects.containsKey(pod.name()))
            .filter(pod -> SetKey.of(pod).filter(key::equals).isPresent())
            .toList();
    if (suspected.isEmpty()) {
      return new Findings.Situations(List.of(), factsFrom);
    }
    Optional<Namespace> space = spaces.value();
    Optional<OwningSet> owner =
        Optional.ofNullable(
                client.apps().statefulSets().inNamespace(namespace).withName(key.name()).get())
            .map(Facts::set);
    List<Situation> situations = new ArrayList<>();
    for (Pod pod : suspected) {
      List<PodStorage> storage = new ArrayList<>();
      for (Pod.ClaimRef ref : pod.volumes()) {
        storage.add(storage(namespace, ref));
      }
      Cluster cluster =
          new Cluster(seen.nodes(), csiNodes(storage, seen.nodes(), notBefore), seen.vanished());
      Situation situation =
          new Situation(
              time.instant(),
              pod,
              owner,
              space.map(each -> annotations(each)).orElse(Map.of()),
              space.isEmpty() || space.get().getMetadata().getDeletionTimestamp() != null,
              storage,
              all,
              SpareVolumes.NONE,
              cluster,
              Sightings.NONE,
              Traffic.NONE,
              policy);
      situations.add(situation.with(spareVolumes(situation, notBefore)));
    }
    return new Findings.Situations(situations, factsFrom);
  }

  private static Map<String, String> annotations(Namespace namespace) {
    Map<String, String> annotations = namespace.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  private PodStorage storage(String namespace, Pod.ClaimRef ref) {
    PersistentVolumeClaim found =
        client.persistentVolumeClaims().inNamespace(namespace).withName(ref.claim()).get();
    if (found == null) {
      Duration absent = absences.seen(namespace + "/" + ref.claim(), time.instant());
      return new PodStorage.ClaimAbsent(ref, absent);
    }
    absences.over(namespace + "/" + ref.claim());
    Claim claim = Facts.claim(found);
    if (claim.volumeName().isEmpty()) {
      return new PodStorage.Unbound(ref, claim, claim.storageClass().flatMap(classes::live));
    }
    PersistentVolume volume = client.persistentVolumes().withName(claim.volumeName().get()).get();
    if (volume == null) {
      return new PodStorage.VolumeAbsent(
          ref, claim, claim.volumeName().get(), claim.storageClass().flatMap(classes::live));
    }
    return new PodStorage.Present(ref, claim, Facts.volume(volume), Optional.of(classOf(claim)));
  }

  /** A class that is not there has no provisioner: its volumes are made by hand. */
  private StorageClass classOf(Claim claim) {
    String name = claim.storageClass().orElse("");
    return claim.storageClass().flatMap(classes::live).orElseGet(() -> StorageClass.byHand(name));
  }

  /** Looks for CSINodes of names that volumes are pinned to and that no live Node has. */
  private Set<String> csiNodes(List<PodStorage> storage, List<Node> live, Instant notBefore) {
    Set<String> names = new HashSet<>();
    for (PodStorage each : storage) {
      switch (each) {
        case PodStorage.ClaimAbsent _, PodStorage.VolumeAbsent _ -> {}
        case PodStorage.Unbound(_, Claim claim, _) -> claim.selectedNode().ifPresent(names::add);
        case PodStorage.Present(_, _, Volume volume, _) -> {
          if (policy.storage().of(volume.source(), volume.affinity())
              instanceof Locality.Pinned pinned) {
            names.addAll(pinned.aliases());
          }
        }
      }
    }
    live.forEach(node -> names.remove(node.name()));
    return names.stream()
        .filter(name -> csiNodes.get(name, notBefore).value())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What is left of the classes, made by hand, that the lost claims are of. */
  private SpareVolumes spareVolumes(Situation situation, Instant notBefore) {
    return situation.lostClaims().stream()
        .flatMap(lost -> lost.storage().storageClass().stream())
        .filter(found -> LocalStorage.isStatic(found.provisioner()))
        .map(StorageClass::name)
        .distinct()
        .map(name -> classes.spare(name, notBefore))
        .reduce(SpareVolumes.NONE, SpareVolumes::and);
  }

  /**
   * The last look before a claim goes: whether the pod still waits, and its node is still lost in
   * the same way.
   *
   * @param before as the pod was surveyed
   * @param guarded names of volumes that need not be read, because the last write to each was
   *     guarded by the version that was surveyed
   * @throws KubernetesClientException if it could not be read
   */
  public LastLook lastLook(Pod before, List<LostClaim> lostClaims, Set<String> guarded) {
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
    return lostClaims.stream()
        .flatMap(
            lost ->
                lost
                    .volume()
                    .filter(volume -> !guarded.contains(volume.name()))
                    .flatMap(this::changed)
                    .or(() -> changed(lost, pod))
                    .stream())
        .findFirst()
        .<LastLook>map(LastLook.Changed::new)
        .orElseGet(LastLook.Same::new);
  }

  /** Whether the volume is still the one that was pinned to a lost node (S19). */
  private Optional<String> changed(Volume before) {
    return Optional.ofNullable(client.persistentVolumes().withName(before.name()).get())
            .map(Facts::volume)
            .filter(now -> now.id().uid().equals(before.id().uid()))
            .filter(now -> now.affinity().equals(before.affinity()))
            .isPresent()
        ? Optional.empty()
        : Optional.of("volume " + before.name() + " has changed");
  }

  private Optional<String> changed(LostClaim lost, Pod pod) {
    return switch (lost) {
      case LostClaim.OnLostNode(_, Locality.Pinned pinned, var home) -> {
        Cluster around =
            new Cluster(nodesNamed(pinned.aliases(), pinned.keys()), Set.of(), Set.of());
        yield Home.of(pinned, around, pod).equals(home)
            ? Optional.empty()
            : Optional.of("node " + home.name() + " has changed");
      }
      case LostClaim.VolumeGone(PodStorage.VolumeAbsent storage) ->
          client.persistentVolumes().withName(storage.volumeName()).get() == null
              ? Optional.empty()
              : Optional.of("volume " + storage.volumeName() + " is there again");
      case LostClaim.NeverProvisioned(_, String node, _) -> {
        // By name: that is how the scheduler chose it.
        Cluster around = new Cluster(nodesNamed(Set.of(node), Set.of()), Set.of(), Set.of());
        yield Home.gone(node, around).isPresent()
            ? Optional.empty()
            : Optional.of("node " + node + " is there again");
      }
    };
  }

  /**
   * The nodes of these names, as far as one of them may have come since the survey.
   *
   * <p>By name only where the volume asks for more than the hostname: a driver labels its node some
   * time after the kubelet has registered it (S11), whereas the hostname label is there from the
   * first moment on: <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/kubelet_node_status.go">initialNode</a>.
   * And no CSINode: the kubelet makes none before its Node is there: <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/volume/csi/nodeinfomanager/nodeinfomanager.go">CreateCSINode</a>.
   *
   * @param keys labels whose value is such a name
   */
  private List<Node> nodesNamed(Set<String> names, Set<String> keys) {
    Map<String, Node> found = new HashMap<>();
    if (!keys.equals(Set.of(HOSTNAME))) {
      for (String name : names) {
        Optional.ofNullable(client.nodes().withName(name).get())
            .map(Facts::node)
            .ifPresent(node -> found.put(node.name(), node));
      }
    }
    String[] values = names.toArray(String[]::new);
    for (String key : keys) {
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
    namespaces.tidy();
    neighbours.tidy();
  }

  /** Whether the Node of that name was Ready when all Nodes were read, not before that time. */
  public boolean sawReady(String node, Instant notBefore) {
    return nodes.sawReady(node, notBefore);
  }

  /** Starts every count of an absence anew, because nobody was looking. */
  public void looksInterrupted() {
    absences.forgetBefore(Instant.MAX);
  }
}
