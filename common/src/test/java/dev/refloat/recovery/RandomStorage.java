package dev.refloat.recovery;

import dev.refloat.recovery.RandomCluster.Machine;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.NodeSelector.Operator;
import dev.refloat.storage.NodeSelector.Requirement;
import dev.refloat.storage.NodeSelector.Term;
import dev.refloat.storage.VolumeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The claims of one pod, what is behind them, and what else there is of their classes. */
final class RandomStorage {

  static final long GIB = 1L << 30;

  private final Dice dice;
  private final Instant now;
  private final RandomCluster cluster;
  private final String namespace;
  private final String pod;
  private final Theme theme;

  /** The kinds of the templates' volumes, so that a set's claims are alike. */
  private final List<Kind> kinds = new ArrayList<>();

  RandomStorage(Dice dice, Instant now, RandomCluster cluster, String namespace, String pod) {
    this.dice = dice;
    this.now = now;
    this.cluster = cluster;
    this.namespace = namespace;
    this.pod = pod;
    this.theme = Theme.draw(dice);
  }

  /** What the world is about. */
  private enum Theme {
    NODE_LOST,
    VOLUME_GONE,
    NEVER_PROVISIONED,
    HALF_DONE;

    static Theme draw(Dice dice) {
      int chance = dice.between(1, 100);
      if (chance <= 76) {
        return NODE_LOST;
      }
      return chance <= 85 ? VOLUME_GONE : chance <= 93 ? NEVER_PROVISIONED : HALF_DONE;
    }
  }

  /** Kinds of storage: where the bytes are, who makes it, by which label it is pinned. */
  enum Kind {
    BY_HAND("kubernetes.io/no-provisioner", RandomCluster.HOSTNAME),
    LOCAL_PATH("rancher.io/local-path", RandomCluster.HOSTNAME),
    TOPOLVM("topolvm.io", RandomCluster.TOPOLVM_KEY),
    CSI_HOSTPATH("hostpath.csi.k8s.io", RandomCluster.HOSTPATH_KEY),
    OWN("local.example.com", RandomCluster.OWN_KEY),
    CLOUD_DISK("ebs.csi.aws.com", RandomCluster.ZONE),
    NFS("nfs.example.com", RandomCluster.ZONE);

    final String provisioner;
    final String key;

    Kind(String provisioner, String key) {
      this.provisioner = provisioner;
      this.key = key;
    }

    String className() {
      return "class-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    VolumeSource source(Dice dice) {
      return switch (this) {
        case BY_HAND -> new VolumeSource.Local();
        case LOCAL_PATH -> dice.oneOf(new VolumeSource.HostPath(), new VolumeSource.Local());
        case TOPOLVM, CSI_HOSTPATH, OWN, CLOUD_DISK -> new VolumeSource.Csi(provisioner);
        case NFS -> new VolumeSource.Other();
      };
    }
  }

  List<ClaimTemplate> templates() {
    List<ClaimTemplate> templates = new ArrayList<>();
    Kind usual = localKind();
    for (String name : List.of("data", "wal", "data-db").subList(0, dice.oneOf(1, 1, 1, 2, 2, 3))) {
      Kind kind = dice.odd(5) ? dice.oneOf(Kind.values()) : usual;
      kinds.add(kind);
      templates.add(
          new ClaimTemplate(
              name,
              dice.odd(2) ? Optional.empty() : Optional.of(kind.className()),
              dice.between(1, 3) * GIB,
              modes(),
              dice.usually("Filesystem", 2, "Block")));
    }
    return templates;
  }

  private Kind localKind() {
    return dice.oneOf(Kind.BY_HAND, Kind.LOCAL_PATH, Kind.TOPOLVM, Kind.CSI_HOSTPATH, Kind.OWN);
  }

  private Set<String> modes() {
    return dice.usually(
        Set.of("ReadWriteOnce"),
        3,
        Set.of("ReadWriteOncePod"),
        Set.of("ReadWriteOnce", "ReadOnlyMany"));
  }

  List<PodStorage> claims(List<ClaimTemplate> templates) {
    List<PodStorage> storage = new ArrayList<>();
    for (int i = 0; i < templates.size(); i++) {
      ClaimTemplate template = templates.get(i);
      String name = template.name() + "-" + pod;
      if (dice.odd(1.5)) {
        name = dice.oneOf("data-db-77", template.name(), template.name() + "-" + pod + "0");
      }
      Pod.ClaimRef ref = new Pod.ClaimRef(template.name(), name, dice.odd(0.7));
      storage.add(one(ref, template, kinds.get(i), i == 0 ? theme : Theme.NODE_LOST));
    }
    if (dice.odd(5)) {
      Kind kind = dice.oneOf(Kind.NFS, Kind.CLOUD_DISK, localKind());
      storage.add(
          one(
              new Pod.ClaimRef("extra", "shared", false),
              templates.getFirst(),
              kind,
              Theme.NODE_LOST));
    }
    if (dice.odd(3)) {
      storage.add(
          one(
              new Pod.ClaimRef("scratch", pod + "-scratch", true),
              templates.getFirst(),
              localKind(),
              Theme.NODE_LOST));
    }
    // The volumes of a StatefulSet's pod are not in the order of the templates.
    return dice.shuffled(storage);
  }

  private PodStorage one(Pod.ClaimRef ref, ClaimTemplate template, Kind kind, Theme about) {
    Theme now = about == Theme.NODE_LOST && dice.odd(5) ? Theme.draw(dice) : about;
    Claim claim = claim(ref.claim(), template, kind);
    Optional<StorageClass> live = dice.odd(2) ? Optional.empty() : Optional.of(storageClass(kind));
    return switch (now) {
      case NODE_LOST -> {
        Volume volume = volume(kind, claim);
        String named = dice.odd(0.5) ? volume.name() + "-other" : volume.name();
        Claim bound =
            Copy.with(
                Copy.with(claim, "volumeName", Optional.of(named)),
                "phase",
                dice.usually("Bound", 2, "Lost", "Pending"));
        StorageClass found = live.orElseGet(() -> StorageClass.byHand(kind.className()));
        yield new PodStorage.Present(ref, bound, volume, Optional.of(found));
      }
      case VOLUME_GONE -> {
        Claim lost = Copy.with(claim, "phase", dice.usually("Lost", 8, "Pending", "Bound"));
        String volume = "pv-" + ref.claim();
        yield new PodStorage.VolumeAbsent(
            ref, Copy.with(lost, "volumeName", Optional.of(volume)), volume, live);
      }
      case NEVER_PROVISIONED ->
          new PodStorage.Unbound(
              ref,
              Copy.with(
                  claim,
                  "selectedNode",
                  dice.odd(10) ? Optional.empty() : Optional.of(machine().name())),
              live);
      case HALF_DONE -> {
        Duration seconds = Duration.ofMillis(dice.between(0, 15_000));
        yield dice.percent(70)
            ? new PodStorage.ClaimAbsent(ref, seconds)
            : new PodStorage.Unbound(ref, Copy.with(claim, "terminating", true), live);
      }
    };
  }

  /** Mostly the lost one. */
  private Machine machine() {
    if (dice.odd(5)) {
      return dice.oneOf(cluster.machines());
    }
    return dice.odd(6) ? cluster.suspect() : cluster.lost();
  }

  private Claim claim(String name, ClaimTemplate template, Kind kind) {
    Duration age =
        dice.odd(8)
            ? dice.between(Duration.ZERO, Duration.ofMinutes(90))
            : dice.between(Duration.ofHours(3), Duration.ofHours(500));
    Map<String, String> annotations = new HashMap<>();
    if (dice.percent(8)) {
      annotations.put(
          "refloat.dev/attempt",
          dice.oneOf("0", "1", "2", "3", "5", "9", "999999", "yes", "", "-3"));
    }
    boolean recovered = annotations.isEmpty() ? dice.percent(3) : dice.percent(90);
    Set<String> finalizers = new HashSet<>(Set.of("kubernetes.io/pvc-protection"));
    if (kind == Kind.TOPOLVM && dice.percent(60)) {
      finalizers.add("topolvm.io/pvc");
    }
    if (dice.odd(3)) {
      finalizers.add(dice.oneOf("example.com/backup", "topolvm.io/pvc", "topolvm.cybozu.com/pvc"));
    }
    return new Claim(
        new ObjectId(namespace, name, "uid-" + name, Integer.toString(dice.between(1, 9_999))),
        "Pending",
        Optional.empty(),
        dice.odd(1) ? Optional.empty() : Optional.of(kind.className()),
        annotations,
        recovered,
        finalizers,
        now.minus(age),
        dice.odd(1.5),
        Optional.empty(),
        dice.odd(5) ? 4 * GIB : template.bytes(),
        template.accessModes(),
        template.mode());
  }

  private Volume volume(Kind kind, Claim claim) {
    Machine machine = machine();
    Optional<Volume.BoundTo> to =
        Optional.of(new Volume.BoundTo(namespace, claim.name(), claim.id().uid()));
    if (dice.odd(2)) {
      to =
          dice.oneOf(
              Optional.empty(),
              Optional.of(new Volume.BoundTo(namespace, claim.name(), "")),
              Optional.of(new Volume.BoundTo(namespace, claim.name(), "uid-of-an-older-claim")),
              Optional.of(new Volume.BoundTo(namespace, "other-claim", claim.id().uid())),
              Optional.of(new Volume.BoundTo("elsewhere", claim.name(), claim.id().uid())));
    }
    boolean kept = dice.percent(8);
    return new Volume(
        new ObjectId(
            "",
            "pv-" + claim.name(),
            "uid-pv-" + claim.name(),
            Integer.toString(dice.between(1, 9_999))),
        claim.createdAt(),
        dice.odd(2) ? dice.oneOf(Kind.values()).source(dice) : kind.source(dice),
        affinity(kind, machine),
        to,
        dice.usually("Bound", 1, "Released", "Failed"),
        kept ? "Retain" : dice.oneOf("Delete", "Delete", "Retain"),
        kind.className(),
        claim.bytes(),
        claim.accessModes(),
        claim.mode(),
        dice.odd(1),
        kept ? Optional.of("Delete") : Optional.empty());
  }

  private Optional<NodeSelector> affinity(Kind kind, Machine machine) {
    if (kind == Kind.NFS && dice.percent(80)) {
      return Optional.empty();
    }
    Requirement here = in(kind.key, machine.label(kind.key));
    if (dice.percent(6)) {
      // A driver may say all that it knows about the place.
      Requirement hostname = in(RandomCluster.HOSTNAME, machine.label(RandomCluster.HOSTNAME));
      Requirement name = in("metadata.name", machine.name());
      return dice.percent(50)
          ? terms(term(hostname, here))
          : terms(new Term(List.of(here), List.of(name)));
    }
    if (!dice.odd(10)) {
      return Optional.of(new NodeSelector(List.of(term(here))));
    }
    Machine other = dice.oneOf(cluster.machines());
    Requirement zone = in(RandomCluster.ZONE, machine.label(RandomCluster.ZONE));
    return switch (dice.between(1, 17)) {
      case 1 -> Optional.empty();
      case 2 -> terms();
      case 3 -> terms(term());
      case 4 -> terms(term(zone));
      case 5 -> terms(term(here), term(zone));
      case 6 -> terms(term(zone, here));
      case 7 -> terms(term(here), term(in(kind.key, other.label(kind.key))));
      case 8 -> terms(term(here), term(here, zone));
      case 9 -> terms(term(in(kind.key, machine.label(kind.key), other.label(kind.key))));
      case 10 -> terms(new Term(List.of(), List.of(in("metadata.name", machine.name()))));
      case 11 -> terms(new Term(List.of(here), List.of(in("metadata.name", machine.name()))));
      case 12 -> terms(term(), term(here));
      case 13 ->
          terms(term(here, new Requirement(RandomCluster.RACK, Operator.GREATER, List.of("0"))));
      case 14 ->
          terms(
              term(
                  new Requirement(RandomCluster.ZONE, Operator.NOT_IN, List.of("c")),
                  new Requirement(RandomCluster.RACK, Operator.LESS, List.of("100")),
                  new Requirement("example.com/retired", Operator.DOES_NOT_EXIST, List.of()),
                  here));
      case 15 -> terms(term(new Requirement(kind.key, Operator.EXISTS, List.of())));
      case 16 -> terms(term(here, new Requirement("example.com/new", Operator.UNKNOWN, List.of())));
      default ->
          terms(
              term(
                  here,
                  in(RandomCluster.HOSTNAME, machine.label(RandomCluster.HOSTNAME)),
                  in(RandomCluster.TOPOLVM_KEY, machine.label(RandomCluster.TOPOLVM_KEY))));
    };
  }

  private static Requirement in(String key, String... values) {
    return new Requirement(key, Operator.IN, List.of(values));
  }

  private static Term term(Requirement... labels) {
    return new Term(List.of(labels), List.of());
  }

  private static Optional<NodeSelector> terms(Term... terms) {
    return Optional.of(new NodeSelector(List.of(terms)));
  }

  private StorageClass storageClass(Kind kind) {
    Optional<NodeSelector> topologies =
        dice.odd(4) ? terms(term(in(RandomCluster.ZONE, dice.oneOf("a", "b")))) : Optional.empty();
    Optional<List<StorageClass.Capacity>> capacities = Optional.empty();
    if (dice.percent(15)) {
      List<StorageClass.Capacity> all = new ArrayList<>();
      for (Machine machine : cluster.machines()) {
        if (dice.percent(80)) {
          all.add(
              new StorageClass.Capacity(
                  terms(term(in(kind.key, machine.label(kind.key)))), dice.between(0, 20) * GIB));
        }
      }
      capacities = Optional.of(all);
    }
    return new StorageClass(
        dice.usually(kind.className(), 1, "class-renamed", ""),
        kind.provisioner,
        dice.odd(6),
        topologies,
        capacities);
  }

  /** Free volumes on most machines, and those who want them, too. */
  SpareVolumes spare(List<ClaimTemplate> templates) {
    if (!kinds.contains(Kind.BY_HAND)) {
      return SpareVolumes.NONE;
    }
    List<Volume> free = new ArrayList<>();
    boolean scarce = dice.odd(6);
    for (Machine machine : cluster.machines()) {
      boolean lost = machine.equals(cluster.lost());
      for (ClaimTemplate template : templates) {
        if (dice.percent(lost || scarce ? 12 : 85)) {
          free.add(free(free.size(), machine, template));
        }
      }
    }
    List<Claim> waiting = new ArrayList<>();
    while (dice.odd(15) && waiting.size() < 4) {
      waiting.add(waiting(templates));
    }
    return new SpareVolumes(dice.shuffled(free), waiting);
  }

  /** A claim of somebody else that wants a volume of the same kind. */
  Claim waiting(List<ClaimTemplate> templates) {
    String name = dice.oneOf("data-mail-0", "data-mail-1", "data-log-0", "data-" + pod);
    return Copy.with(
        claim(name, dice.oneOf(templates), Kind.BY_HAND),
        "id",
        new ObjectId(dice.oneOf(namespace, "elsewhere"), name, "uid-" + name, "3"));
  }

  private Volume free(int number, Machine machine, ClaimTemplate like) {
    return new Volume(
        new ObjectId("", "spare-" + number, "uid-spare-" + number, "2"),
        now.minus(Duration.ofDays(9)),
        new VolumeSource.Local(),
        affinity(Kind.BY_HAND, machine),
        Optional.empty(),
        "Available",
        "Retain",
        Kind.BY_HAND.className(),
        dice.odd(5) ? GIB / 2 : like.bytes() + dice.between(0, 2) * GIB,
        dice.odd(3) ? Set.of("ReadWriteMany") : like.accessModes(),
        like.mode(),
        false,
        Optional.empty());
  }
}
