package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.optin.Names;
import dev.refloat.settings.Percentage;
import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The ordinary stranded pod, and how a test makes it differ in the one fact that matters.
 *
 * <p>Ordinary: set {@code db} of three, created an hour ago, opted in for a gone node. {@code db-1}
 * waits; its claim {@code data-db-1} is bound to {@code pv-1}, a local volume on node {@code n1},
 * which has been gone for ten minutes. {@code db-0} and {@code db-2} are well on {@code n0} and
 * {@code n2}; {@code n3} is free. The judge says: refloat.
 */
final class Given {

  static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));
  static final String GIB = "1073741824";

  private Map<String, String> podAnnotations = new TreeMap<>(Map.of(Names.RECOVER, "true"));
  private Map<String, String> templateAnnotations = podAnnotations;
  private UnaryOperator<Pod> pod = UnaryOperator.identity();
  private UnaryOperator<OwningSet> set = UnaryOperator.identity();
  private boolean setExists = true;
  private Map<String, String> namespaceAnnotations = Map.of();
  private boolean namespaceTerminating;
  private final List<PodStorage> storage = new ArrayList<>();
  private final List<Pod> others = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Volume> spare = new ArrayList<>();
  private final List<Claim> waiting = new ArrayList<>();
  private Set<String> csiNodes = Set.of();
  private Set<String> vanished = Set.of();
  private Instant since = NOW.minus(Duration.ofMinutes(10));
  private Traffic traffic = Traffic.NONE;
  private final Map<LostState, Duration> graces =
      new TreeMap<>(
          Map.of(
              LostState.GONE, Duration.ofSeconds(15),
              LostState.NOT_READY, Duration.ofMinutes(10),
              LostState.CORDONED, Duration.ofMinutes(10),
              LostState.TAINTED, Duration.ofMinutes(10)));
  private Percentage brake = new Percentage(100);
  private Placement placement = Placement.ANYWHERE;

  private Given() {
    storage.add(present(claim("data-db-1", "pv-1"), volume("pv-1", "data-db-1", "n1")));
    others.add(sibling("db-0", "n0"));
    others.add(sibling("db-2", "n2"));
    nodes.add(node("n0"));
    nodes.add(node("n2"));
    nodes.add(node("n3"));
  }

  static Given stranded() {
    return new Given();
  }

  Given optedIn(String states) {
    return annotated(Names.RECOVER, states);
  }

  /** On pod and template alike. */
  Given annotated(String name, String value) {
    Map<String, String> both = new TreeMap<>(podAnnotations);
    both.put(name, value);
    podAnnotations = both;
    templateAnnotations = both;
    return this;
  }

  Given notOptedIn() {
    podAnnotations = Map.of();
    templateAnnotations = Map.of();
    return this;
  }

  Given template(String name, String value) {
    templateAnnotations = new HashMap<>(templateAnnotations);
    templateAnnotations.put(name, value);
    return this;
  }

  Given pod(UnaryOperator<Pod> change) {
    pod = change;
    return this;
  }

  Given placement(Placement wanted) {
    placement = wanted;
    return this;
  }

  Given set(UnaryOperator<OwningSet> change) {
    set = change;
    return this;
  }

  Given noSet() {
    setExists = false;
    return this;
  }

  Given namespace(Map<String, String> annotations, boolean terminating) {
    namespaceAnnotations = annotations;
    namespaceTerminating = terminating;
    return this;
  }

  /** Instead of the ordinary claim. */
  Given storage(PodStorage... instead) {
    storage.clear();
    storage.addAll(List.of(instead));
    return this;
  }

  /** Beside the ordinary claim. */
  Given alsoStorage(PodStorage more) {
    storage.add(more);
    return this;
  }

  Given others(Pod... instead) {
    others.clear();
    others.addAll(List.of(instead));
    return this;
  }

  Given alsoPod(Pod more) {
    others.add(more);
    return this;
  }

  Given nodes(Node... instead) {
    nodes.clear();
    nodes.addAll(List.of(instead));
    return this;
  }

  Given alsoNode(Node more) {
    nodes.add(more);
    return this;
  }

  Given csiNodes(String... names) {
    csiNodes = Set.of(names);
    return this;
  }

  Given vanished(String... names) {
    vanished = Set.of(names);
    return this;
  }

  Given spare(Volume... volumes) {
    spare.addAll(List.of(volumes));
    return this;
  }

  /** Claims elsewhere that wait for a volume that is made by hand. */
  Given waiting(Claim... claims) {
    waiting.addAll(List.of(claims));
    return this;
  }

  /** Every cause has been seen since then. */
  Given since(Instant instant) {
    since = instant;
    return this;
  }

  Given traffic(Traffic instead) {
    traffic = instead;
    return this;
  }

  Given grace(LostState state, Duration grace) {
    graces.put(state, grace);
    return this;
  }

  Given brake(int percent) {
    brake = new Percentage(percent);
    return this;
  }

  Situation situation() {
    Pod ordinary =
        new Pod(
            id("db-1", "uid-db-1"),
            podAnnotations,
            "Pending",
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            NOW.minus(Duration.ofMinutes(11)),
            Optional.of(new Pod.Owner("StatefulSet", "db", "uid-db")),
            storage.stream().map(PodStorage::ref).toList(),
            Optional.empty(),
            placement);
    OwningSet ordinarySet =
        new OwningSet(
            id("db", "uid-db"),
            0,
            3,
            List.of(template("data")),
            Map.of(),
            templateAnnotations,
            true,
            Duration.ZERO,
            LONG_AGO,
            false);
    Situation unseen =
        new Situation(
            NOW,
            pod.apply(ordinary),
            setExists ? Optional.of(set.apply(ordinarySet)) : Optional.empty(),
            namespaceAnnotations,
            namespaceTerminating,
            storage,
            others,
            new SpareVolumes(spare, waiting),
            new Cluster(nodes, csiNodes, vanished),
            Sightings.NONE,
            traffic,
            policy());
    return unseen.with(Sightings.NONE.seen(unseen.causes(), since));
  }

  Verdict judged() {
    return Judge.judge(situation());
  }

  private Policy policy() {
    return new Policy(
        graces, Duration.ofMinutes(5), brake, 10, new LocalStorage(Set.of(), Set.of()));
  }

  // The parts that worlds are made of.

  static ObjectId id(String name, String uid) {
    return new ObjectId("shop", name, uid, "7");
  }

  static NodeSelector hostname(String... names) {
    return label("kubernetes.io/hostname", names);
  }

  static NodeSelector label(String key, String... values) {
    return new NodeSelector(
        List.of(
            new NodeSelector.Term(
                List.of(
                    new NodeSelector.Requirement(key, NodeSelector.Operator.IN, List.of(values))),
                List.of())));
  }

  static ClaimTemplate template(String name) {
    return new ClaimTemplate(
        name, Optional.of("fast"), Long.parseLong(GIB), Set.of("ReadWriteOnce"), "Filesystem");
  }

  /** The class that the ordinary claim is of, made by that provisioner. */
  static StorageClass storageClass(String provisioner) {
    return new StorageClass("fast", provisioner, false, Optional.empty(), Optional.empty());
  }

  static OwningSet templates(OwningSet set, ClaimTemplate... templates) {
    return new OwningSet(
        set.id(),
        set.start(),
        set.replicas(),
        List.of(templates),
        set.annotations(),
        set.templateAnnotations(),
        set.ordered(),
        set.minReady(),
        set.createdAt(),
        set.terminating());
  }

  static Claim claim(String name, String volume) {
    return new Claim(
        id(name, "uid-" + name),
        "Bound",
        volume.isEmpty() ? Optional.empty() : Optional.of(volume),
        Optional.of("fast"),
        Map.of(),
        false,
        Set.of("kubernetes.io/pvc-protection"),
        LONG_AGO,
        false,
        Optional.empty(),
        Long.parseLong(GIB),
        Set.of("ReadWriteOnce"),
        "Filesystem");
  }

  /** The same claim, of that phase. */
  static Claim phase(String phase, Claim claim) {
    return new Claim(
        claim.id(),
        phase,
        claim.volumeName(),
        claim.storageClass(),
        claim.annotations(),
        claim.recovered(),
        claim.finalizers(),
        claim.createdAt(),
        claim.terminating(),
        claim.selectedNode(),
        claim.bytes(),
        claim.accessModes(),
        claim.mode());
  }

  /** The same claim, with those finalizers. */
  static Claim finalizers(Claim claim, String... finalizers) {
    return new Claim(
        claim.id(),
        claim.phase(),
        claim.volumeName(),
        claim.storageClass(),
        claim.annotations(),
        claim.recovered(),
        Set.of(finalizers),
        claim.createdAt(),
        claim.terminating(),
        claim.selectedNode(),
        claim.bytes(),
        claim.accessModes(),
        claim.mode());
  }

  static Claim bytes(Claim claim, long bytes) {
    return new Claim(
        claim.id(),
        claim.phase(),
        claim.volumeName(),
        claim.storageClass(),
        claim.annotations(),
        claim.recovered(),
        claim.finalizers(),
        claim.createdAt(),
        claim.terminating(),
        claim.selectedNode(),
        bytes,
        claim.accessModes(),
        claim.mode());
  }

  /** An unbound claim for which the scheduler chose that node. */
  static Claim selected(String name, String node) {
    Claim claim = claim(name, "");
    return new Claim(
        claim.id(),
        "Pending",
        claim.volumeName(),
        claim.storageClass(),
        claim.annotations(),
        claim.recovered(),
        claim.finalizers(),
        claim.createdAt(),
        claim.terminating(),
        Optional.of(node),
        claim.bytes(),
        claim.accessModes(),
        claim.mode());
  }

  static Volume volume(String name, String claim, String node) {
    return volume(name, claim, new VolumeSource.Local(), Optional.of(hostname(node)));
  }

  static Volume volume(
      String name, String claim, VolumeSource source, Optional<NodeSelector> affinity) {
    return new Volume(
        new ObjectId("", name, "uid-" + name, "5"),
        LONG_AGO,
        source,
        affinity,
        claim.isEmpty()
            ? Optional.empty()
            : Optional.of(new Volume.BoundTo("shop", claim, "uid-" + claim)),
        claim.isEmpty() ? "Available" : "Bound",
        "Delete",
        "fast",
        Long.parseLong(GIB),
        Set.of("ReadWriteOnce"),
        "Filesystem",
        false,
        Optional.empty());
  }

  static PodStorage present(Claim claim, Volume volume) {
    return present(claim, volume, "rancher.io/local-path");
  }

  static PodStorage present(Claim claim, Volume volume, String provisioner) {
    return new PodStorage.Present(
        new Pod.ClaimRef("data", claim.name(), false),
        claim,
        volume,
        Optional.of(storageClass(provisioner)));
  }

  static Pod sibling(String name, String node) {
    return otherPod(name, node, new Pod.Owner("StatefulSet", "db", "uid-db"), "data-" + name);
  }

  static Pod otherPod(String name, String node, Pod.Owner owner, String claim) {
    return new Pod(
        id(name, "uid-" + name),
        Map.of(Names.RECOVER, "true"),
        "Running",
        Optional.of(node),
        Optional.empty(),
        false,
        false,
        LONG_AGO,
        Optional.of(owner),
        List.of(new Pod.ClaimRef("data", claim, false)),
        Optional.of(LONG_AGO),
        Placement.ANYWHERE);
  }

  static Pod notReady(Pod pod) {
    return with(pod, pod.annotations(), Optional.empty());
  }

  static Pod readySince(Pod pod, Instant since) {
    return with(pod, pod.annotations(), Optional.of(since));
  }

  /** The same pod, patched by somebody. */
  static Pod annotated(Pod pod, String name, String value) {
    Map<String, String> annotations = new TreeMap<>(pod.annotations());
    annotations.put(name, value);
    return with(pod, annotations, pod.readySince());
  }

  private static Pod with(Pod pod, Map<String, String> annotations, Optional<Instant> readySince) {
    return new Pod(
        pod.id(),
        annotations,
        pod.phase(),
        pod.node(),
        pod.nominatedNode(),
        pod.gated(),
        pod.terminating(),
        pod.createdAt(),
        pod.controller(),
        pod.volumes(),
        readySince,
        pod.placement());
  }

  /** The same pod, as it would be if it waited for a node as well. */
  static Pod waiting(Pod pod) {
    return new Pod(
        pod.id(),
        pod.annotations(),
        "Pending",
        Optional.empty(),
        pod.nominatedNode(),
        pod.gated(),
        pod.terminating(),
        pod.createdAt(),
        pod.controller(),
        pod.volumes(),
        Optional.empty(),
        pod.placement());
  }

  static Node node(String name) {
    return new Node(
        name,
        "uid-" + name,
        LONG_AGO,
        Map.of("kubernetes.io/hostname", name),
        false,
        List.of(),
        true,
        LONG_AGO);
  }

  static Node registered(Node node, Instant createdAt) {
    return new Node(
        node.name(),
        node.uid(),
        createdAt,
        node.labels(),
        node.unschedulable(),
        node.taints(),
        node.ready(),
        node.readyChangedAt());
  }

  static Node notReady(Node node) {
    return new Node(
        node.name(),
        node.uid(),
        node.createdAt(),
        node.labels(),
        node.unschedulable(),
        node.taints(),
        false,
        node.readyChangedAt());
  }

  static Node cordoned(Node node) {
    return new Node(
        node.name(),
        node.uid(),
        node.createdAt(),
        node.labels(),
        true,
        node.taints(),
        node.ready(),
        node.readyChangedAt());
  }

  static Node tainted(Node node, String key) {
    return new Node(
        node.name(),
        node.uid(),
        node.createdAt(),
        node.labels(),
        node.unschedulable(),
        List.of(new Node.Taint(key, "", "NoSchedule")),
        node.ready(),
        node.readyChangedAt());
  }

  static Node labelled(Node node, Map<String, String> labels) {
    return new Node(
        node.name(),
        node.uid(),
        node.createdAt(),
        labels,
        node.unschedulable(),
        node.taints(),
        node.ready(),
        node.readyChangedAt());
  }
}
