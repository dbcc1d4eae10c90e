package dev.refloat.recovery;

import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.NodeSelector.Operator;
import dev.refloat.storage.NodeSelector.Requirement;
import dev.refloat.storage.NodeSelector.Term;
import dev.refloat.storage.VolumeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Each way in which one fact more, or one less, must stop a recovery.
 *
 * <p>No oracle is asked what is right: whatever else is true of the world, after the change this
 * claim may not be given up any more.
 */
final class Changes {

  /**
   * One changed fact.
   *
   * @param name with the cases that it answers for
   * @param of the worlds in which it has changed: one, one for each claim that is given up, or none
   *     where it would change nothing
   */
  record Change(String name, Function<Recovery, Stream<Changed>> of) {}

  /**
   * A world with a changed fact.
   *
   * @param claim which may not be deleted in it; empty = none may, nor the pod
   */
  record Changed(Situation world, Optional<String> claim) {

    boolean allows(Verdict verdict) {
      return !(verdict instanceof Verdict.Recover(Plan plan))
          || (claim.isPresent() && !new Recovery(world, plan).deleted().contains(claim.get()));
    }
  }

  private static final Map<String, String> PAUSED = Map.of("refloat.dev/paused", "true");
  private static final Optional<String> OTHER = Optional.of("another-pod");
  private static final NodeSelector ZONE = Given.label("topology.kubernetes.io/zone", "a");

  static final List<Change> ALL =
      List.of(
          pod("S06 the pod gets a node", "node", Optional.of("n1")),
          pod("S05 the pod gets a gate", "gated", true),
          pod("S05 the pod is deleted", "terminating", true),
          pod("S05 the pod runs", "phase", "Running"),
          pod("S30 the pod loses its owner", "controller", Optional.empty()),
          pod("S38 the pod loses its opt-in", "annotations", Map.of()),
          new Change("a word of the opt-in is wrong", Changes::mistaken),
          new Change("S05 the pod is nominated for a live node", Changes::nominated),
          world("S30 the set is deleted", "owner", it -> Optional.empty()),
          world("S37 the namespace goes", "namespaceTerminating", it -> true),
          world("the namespace is paused", "namespaceAnnotations", it -> PAUSED),
          set("the set is paused", "annotations", it -> PAUSED),
          set("S37 the set goes", "terminating", it -> true),
          set("S37 the set is scaled down", "replicas", it -> it.ordinal() - it.set().start()),
          set("S37 the set starts later", "start", it -> it.ordinal() + 1),
          set("S30 the set is another one", "id", Changes::made),
          set("S54 the template is opted out", "templateAnnotations", it -> Map.of()),
          set("S31 the set has no such template", "claimTemplates", it -> List.of()),
          claims("S45 there are no nodes", "cluster", it -> nodes(it, List.of())),
          claims("S20 another pod is refloated", "traffic", it -> traffic(it, "inSet", OTHER)),
          claims("S23 all places are taken", "traffic", it -> traffic(it, "inFlight", 1_000)),
          claims("S23 the rate is used up", "traffic", Changes::tooSoon),
          new Change("S21 a hundred nodes vanish", Changes::manyVanish),
          new Change("S10 S15 nothing was seen before", Changes::neverSeen),
          claim("S43 the claim is being deleted", "terminating", (claim, it) -> true),
          claim("S43 it gets a finalizer", "finalizers", (claim, it) -> Set.of("x.example/y")),
          new Change("S46 it was made just now, by a ninth recovery", Changes::madeJustNow),
          new Change("S33 somebody uses the claim", Changes::usedByAnother),
          new Change("S01 a healthy node has the volume", Changes::homeReturns),
          new Change("S11 a CSINode of that name is left", Changes::csiNodeIsLeft),
          new Change("S10 the lost node is another one of that name", Changes::otherNode),
          new Change("S19 the affinity was changed", Changes::otherAffinity),
          volume("S47 its operators are unknown", "affinity", Changes::unknownOperators),
          volume("S03 the volume is in a zone", "affinity", it -> Optional.of(ZONE)),
          volume("S04 the volume is on the network", "source", it -> new VolumeSource.Other()),
          volume("S36 it belongs to an older claim", "boundTo", Changes::toOlderClaim),
          volume("S36 it belongs to nobody", "boundTo", it -> Optional.empty()),
          new Change("S47 its class is not known", Changes::classUnknown));

  private Changes() {}

  // Kinds of changes.

  private static Change world(String name, String component, Function<Recovery, Object> value) {
    return new Change(name, it -> nothingGoes(Copy.with(it.world(), component, value.apply(it))));
  }

  private static Change pod(String name, String component, Object value) {
    return world(name, "pod", it -> Copy.with(it.world().pod(), component, value));
  }

  private static Change set(String name, String component, Function<Recovery, Object> value) {
    return world(name, "owner", it -> Optional.of(Copy.with(it.set(), component, value.apply(it))));
  }

  /** What stops only those recoveries that give up a claim: the others finish one (S56). */
  private static Change claims(String name, String component, Function<Recovery, Object> value) {
    Change change = world(name, component, value);
    return new Change(name, it -> it.givesUp() ? change.of().apply(it) : Stream.empty());
  }

  private static Change claim(
      String name, String component, BiFunction<Claim, Recovery, Object> value) {
    return new Change(
        name,
        it ->
            it.givenUp().stream()
                .map(
                    each ->
                        withClaim(
                            it,
                            each,
                            claim -> Copy.with(claim, component, value.apply(claim, it)))));
  }

  private static Change volume(String name, String component, Function<Volume, Object> value) {
    return new Change(
        name,
        it ->
            it.lostVolumes().stream()
                .map(
                    each ->
                        withVolume(
                            it,
                            each,
                            Copy.with(each.volume(), component, value.apply(each.volume())))));
  }

  private static Stream<Changed> nothingGoes(Situation world) {
    return Stream.of(new Changed(world, Optional.empty()));
  }

  private static Changed keeps(Situation world, PodStorage each) {
    return new Changed(world, Optional.of(each.ref().claim()));
  }

  private static Changed withStorage(Recovery it, PodStorage old, PodStorage changed) {
    List<PodStorage> storage = new ArrayList<>(it.world().storage());
    storage.set(storage.indexOf(old), changed);
    return keeps(Copy.with(it.world(), "storage", storage), old);
  }

  private static Changed withVolume(Recovery it, PodStorage.Present old, Volume changed) {
    return withStorage(it, old, Copy.with(old, "volume", changed));
  }

  private static Changed withClaim(Recovery it, PodStorage old, UnaryOperator<Claim> change) {
    return switch (old) {
      case PodStorage.ClaimAbsent absent -> throw new IllegalStateException("no claim: " + absent);
      case PodStorage.Unbound unbound ->
          withStorage(it, old, Copy.with(unbound, "claim", change.apply(unbound.claim())));
      case PodStorage.VolumeAbsent absent ->
          withStorage(it, old, Copy.with(absent, "claim", change.apply(absent.claim())));
      case PodStorage.Present present ->
          withStorage(it, old, Copy.with(present, "claim", change.apply(present.claim())));
    };
  }

  private static Cluster nodes(Recovery it, List<Node> nodes) {
    return Copy.with(it.world().cluster(), "nodes", nodes);
  }

  private static Traffic traffic(Recovery it, String component, Object value) {
    return Copy.with(it.world().traffic(), component, value);
  }

  // The changes that need more than a value.

  private static Stream<Changed> mistaken(Recovery it) {
    return Stream.of("recovery", "min_ready", "data ")
        .flatMap(
            word -> {
              Map<String, String> annotations = new HashMap<>(it.world().pod().annotations());
              annotations.put("refloat.dev/" + word, "keep");
              OwningSet set = Copy.with(it.set(), "templateAnnotations", annotations);
              Pod pod = Copy.with(it.world().pod(), "annotations", annotations);
              return nothingGoes(
                  Copy.with(Copy.with(it.world(), "pod", pod), "owner", Optional.of(set)));
            });
  }

  private static Stream<Changed> nominated(Recovery it) {
    return it.world().cluster().nodes().stream()
        .limit(1)
        .map(node -> Copy.with(it.world().pod(), "nominatedNode", Optional.of(node.name())))
        .flatMap(pod -> nothingGoes(Copy.with(it.world(), "pod", pod)));
  }

  private static ObjectId made(Recovery it) {
    return Copy.with(it.set().id(), "uid", "uid-of-a-set-made-anew");
  }

  private static Traffic tooSoon(Recovery it) {
    return traffic(it, "nextAllowed", Optional.of(it.world().observedAt().plusMillis(1)));
  }

  private static Stream<Changed> manyVanish(Recovery it) {
    if (!it.givesUp() || it.world().policy().brake().value() > 80) {
      return Stream.empty();
    }
    Set<String> vanished = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      vanished.add("vanished-" + i);
    }
    Cluster cluster = Copy.with(it.world().cluster(), "vanished", vanished);
    return nothingGoes(Copy.with(it.world(), "cluster", cluster));
  }

  /** Whether there is a grace at all: zero asks for none. */
  private static boolean graceFor(Recovery it, PodStorage each) {
    return each instanceof PodStorage.VolumeAbsent
        || it.wanted().states().stream()
            .map(state -> it.wanted().after().orElse(it.world().policy().graces().get(state)))
            .allMatch(Duration::isPositive);
  }

  private static Stream<Changed> neverSeen(Recovery it) {
    return it.givenUp().stream()
        .filter(each -> graceFor(it, each))
        .map(each -> keeps(Copy.with(it.world(), "sightings", Sightings.NONE), each));
  }

  private static Stream<Changed> madeJustNow(Recovery it) {
    if (it.world().policy().cooldown().isZero()) {
      return Stream.empty();
    }
    Map<String, String> ninth = Map.of("refloat.dev/attempt", "9");
    return it.givenUp().stream()
        .map(
            each ->
                withClaim(
                    it,
                    each,
                    claim ->
                        Copy.with(
                            Copy.with(claim, "annotations", ninth),
                            "createdAt",
                            it.world().observedAt().minusSeconds(299))));
  }

  private static Stream<Changed> usedByAnother(Recovery it) {
    return it.givenUp().stream()
        .map(
            each -> {
              Pod job =
                  Given.otherPod(
                      "backup",
                      "n1",
                      new Pod.Owner("Job", "backup", "uid-job"),
                      each.ref().claim());
              List<Pod> others = new ArrayList<>(it.world().others());
              others.add(job);
              return keeps(Copy.with(it.world(), "neighbours", others), each);
            });
  }

  private static Stream<Changed> homeReturns(Recovery it) {
    return it.lostVolumes().stream()
        .map(
            each -> {
              List<Node> nodes = new ArrayList<>();
              boolean there = false;
              for (Node node : it.world().cluster().nodes()) {
                boolean home = Plain.usable(each.volume(), node);
                there |= home;
                nodes.add(home ? healthy(node) : node);
              }
              if (!there) {
                nodes.add(homeOf(each.volume(), it));
              }
              return keeps(Copy.with(it.world(), "cluster", nodes(it, nodes)), each);
            });
  }

  private static Node healthy(Node node) {
    return Copy.with(
        Copy.with(Copy.with(node, "ready", true), "unschedulable", false), "taints", List.of());
  }

  /** A node on which the volume can be used, by the first term that says anything. */
  private static Node homeOf(Volume volume, Recovery it) {
    String name = Plain.home(volume, it.world()).stream().sorted().findFirst().orElseThrow();
    Map<String, String> labels = new HashMap<>(Map.of("kubernetes.io/hostname", name));
    Term first =
        volume.affinity().orElseThrow().terms().stream()
            .filter(term -> !term.labels().isEmpty() || !term.fields().isEmpty())
            .findFirst()
            .orElseThrow();
    for (Requirement each : first.labels()) {
      switch (each.operator()) {
        case IN -> labels.put(each.key(), each.values().getFirst());
        case EXISTS -> labels.put(each.key(), "any");
        case GREATER -> labels.put(each.key(), "1000000");
        case LESS -> labels.put(each.key(), "-1");
        case NOT_IN, DOES_NOT_EXIST, UNKNOWN -> {}
      }
    }
    return Given.labelled(Given.node(name), labels);
  }

  private static Stream<Changed> csiNodeIsLeft(Recovery it) {
    Stream<Changed> ofVolumes =
        it.lostVolumes().stream()
            .filter(
                each ->
                    it.world().cluster().nodes().stream()
                        .noneMatch(node -> Plain.usable(each.volume(), node)))
            .flatMap(
                each ->
                    Plain.home(each.volume(), it.world()).stream()
                        .map(name -> withCsiNode(it, each, name)));
    Stream<Changed> ofSelected =
        it.givenUp().stream()
            .filter(PodStorage.Unbound.class::isInstance)
            .flatMap(
                each ->
                    Recovery.claimOf(each).flatMap(Claim::selectedNode).stream()
                        .filter(
                            name ->
                                it.world().cluster().nodes().stream()
                                    .noneMatch(node -> Plain.answersTo(name, node)))
                        .map(name -> withCsiNode(it, each, name)));
    return Stream.concat(ofVolumes, ofSelected);
  }

  private static Changed withCsiNode(Recovery it, PodStorage each, String name) {
    Cluster cluster = Copy.with(it.world().cluster(), "csiNodes", Set.of(name));
    return keeps(Copy.with(it.world(), "cluster", cluster), each);
  }

  private static Stream<Changed> otherNode(Recovery it) {
    return it.lostVolumes().stream()
        .filter(each -> graceFor(it, each))
        .filter(
            each ->
                it.world().cluster().nodes().stream()
                    .anyMatch(node -> Plain.usable(each.volume(), node)))
        .map(
            each -> {
              List<Node> nodes =
                  it.world().cluster().nodes().stream()
                      .map(
                          node ->
                              Plain.usable(each.volume(), node)
                                  ? Copy.with(node, "uid", node.uid() + "-registered-anew")
                                  : node)
                      .toList();
              return keeps(Copy.with(it.world(), "cluster", nodes(it, nodes)), each);
            });
  }

  /** It says the same, but who changed it may mean something. */
  private static Stream<Changed> otherAffinity(Recovery it) {
    return it.lostVolumes().stream()
        .filter(each -> graceFor(it, each))
        .map(
            each -> {
              List<Term> terms = new ArrayList<>(each.volume().affinity().orElseThrow().terms());
              terms.add(terms.getFirst());
              Optional<NodeSelector> affinity = Optional.of(new NodeSelector(terms));
              return withVolume(it, each, Copy.with(each.volume(), "affinity", affinity));
            });
  }

  private static Optional<NodeSelector> unknownOperators(Volume volume) {
    return volume
        .affinity()
        .map(
            affinity ->
                new NodeSelector(
                    affinity.terms().stream()
                        .map(term -> new Term(unknown(term.labels()), unknown(term.fields())))
                        .toList()));
  }

  private static List<Requirement> unknown(List<Requirement> requirements) {
    return requirements.stream()
        .map(each -> new Requirement(each.key(), Operator.UNKNOWN, each.values()))
        .toList();
  }

  private static Optional<Volume.BoundTo> toOlderClaim(Volume volume) {
    return volume
        .boundTo()
        .map(to -> new Volume.BoundTo(to.namespace(), to.name(), "uid-of-an-older-claim"));
  }

  /** Without a volume nothing but the class tells that it was local. */
  private static Stream<Changed> classUnknown(Recovery it) {
    return it.givenUp().stream()
        .flatMap(
            each ->
                switch (each) {
                  case PodStorage.ClaimAbsent _, PodStorage.Present _ -> Stream.empty();
                  case PodStorage.Unbound unbound ->
                      Stream.of(
                          withStorage(
                              it, each, Copy.with(unbound, "storageClass", Optional.empty())));
                  case PodStorage.VolumeAbsent absent ->
                      Stream.of(
                          withStorage(
                              it, each, Copy.with(absent, "storageClass", Optional.empty())));
                });
  }
}
