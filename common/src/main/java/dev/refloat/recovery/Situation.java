package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import dev.refloat.storage.Locality;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All facts about one pod, read live and completely. A survey that could not read one of them makes
 * no situation.
 *
 * @param observedAt when the facts were read
 * @param owner the live StatefulSet that the pod's controller reference names, whatever its UID;
 *     empty if it answered 404
 * @param namespaceAnnotations those of the pod's namespace
 * @param namespaceTerminating whether it is being deleted
 * @param storage the pod's claims with what is behind them, in the order of the pod's volumes
 * @param others every other pod of the namespace
 * @param spareVolumes volumes of by-hand classes that are Available and reserved for nobody
 * @param sightings since when each cause has been observed, this look included
 */
public record Situation(
    Instant observedAt,
    Pod pod,
    Optional<OwningSet> owner,
    Map<String, String> namespaceAnnotations,
    boolean namespaceTerminating,
    List<PodStorage> storage,
    List<Pod> others,
    List<Volume> spareVolumes,
    Cluster cluster,
    Sightings sightings,
    Traffic traffic,
    Policy policy) {

  public Situation {
    namespaceAnnotations = Map.copyOf(namespaceAnnotations);
    storage = List.copyOf(storage);
    others = List.copyOf(others);
    spareVolumes = List.copyOf(spareVolumes);
  }

  /** A claim on one node, and what has become of that node. */
  public record PinnedClaim(PodStorage.Present storage, Locality.Pinned pinned, Home home) {

    public Claim claim() {
      return storage.claim();
    }

    public Volume volume() {
      return storage.volume();
    }
  }

  /** A pinned claim whose node is lost. */
  public record LostClaim(PodStorage.Present storage, Locality.Pinned pinned, Home.Lost home) {

    public Claim claim() {
      return storage.claim();
    }

    public Volume volume() {
      return storage.volume();
    }

    /** The causes of this claim, one for each way in which its node is lost. */
    public Set<Cause> causes() {
      return home.causes().stream().map(this::cause).collect(Collectors.toUnmodifiableSet());
    }

    Cause cause(Home.Loss loss) {
      return new Cause(volume().id().uid(), pinned.affinity(), loss.state(), loss.nodeUid());
    }
  }

  /** The pod's claims on local, node-granular volumes. */
  public List<PinnedClaim> pinnedClaims() {
    List<PinnedClaim> claims = new ArrayList<>();
    for (PodStorage each : storage) {
      if (each instanceof PodStorage.Present present
          && localityOf(present.volume()) instanceof Locality.Pinned pinned) {
        claims.add(new PinnedClaim(present, pinned, Home.of(pinned, cluster, pod)));
      }
    }
    return claims;
  }

  /** Those of them whose node is lost: the candidates for deletion. */
  public List<LostClaim> lostClaims() {
    List<LostClaim> claims = new ArrayList<>();
    for (PinnedClaim claim : pinnedClaims()) {
      if (claim.home() instanceof Home.Lost lost) {
        claims.add(new LostClaim(claim.storage(), claim.pinned(), lost));
      }
    }
    return claims;
  }

  /** Everything that keeps the pod from its volumes now; what the sightings are kept of. */
  public Set<Cause> causes() {
    return lostClaims().stream()
        .flatMap(claim -> claim.causes().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  public Situation with(Sightings newSightings) {
    return new Situation(
        observedAt,
        pod,
        owner,
        namespaceAnnotations,
        namespaceTerminating,
        storage,
        others,
        spareVolumes,
        cluster,
        newSightings,
        traffic,
        policy);
  }

  public Situation with(Traffic newTraffic) {
    return new Situation(
        observedAt,
        pod,
        owner,
        namespaceAnnotations,
        namespaceTerminating,
        storage,
        others,
        spareVolumes,
        cluster,
        sightings,
        newTraffic,
        policy);
  }

  Locality localityOf(Volume volume) {
    return policy.storage().of(volume.source(), volume.affinity());
  }

  /** The live set. Only for rules behind {@link Ours}, which lets no pod without one pass. */
  OwningSet set() {
    return owner.orElseThrow(() -> new IllegalStateException(pod.id() + " has no StatefulSet"));
  }

  /** The opt-in. Only for rules behind {@link Ours}, which lets no pod without one pass. */
  OptIn optIn() {
    return switch (OptInReader.read(pod.annotations())) {
      case OptInReading.Yes(OptIn optIn) -> optIn;
      case OptInReading.No(), OptInReading.Malformed(_) ->
          throw new IllegalStateException(pod.id() + " has no opt-in");
    };
  }

  Duration graceOf(LostState state) {
    Duration usual = policy.graces().get(state);
    if (usual == null) {
      throw new IllegalStateException("no grace for " + state);
    }
    return optIn().after().orElse(usual);
  }

  /** The other pods of the live set. */
  List<Pod> siblings() {
    OwningSet set = set();
    return others.stream()
        .filter(
            other ->
                other.controller().filter(owner -> owner.uid().equals(set.id().uid())).isPresent())
        .filter(other -> set.ordinalOf(other.name()).stream().anyMatch(set::wants))
        .toList();
  }
}
