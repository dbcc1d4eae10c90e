package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.optin.OptIn;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import dev.refloat.storage.Locality;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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
 * @param neighbours every pod of the namespace, this one among them or not: one list serves all
 *     stranded pods
 * @param spareVolumes what is left of by-hand classes; looked up only if a claim is lost
 * @param sightings since when each cause has been observed, this look included
 */
public record Situation(
    Instant observedAt,
    Pod pod,
    Optional<OwningSet> owner,
    Map<String, String> namespaceAnnotations,
    boolean namespaceTerminating,
    List<PodStorage> storage,
    List<Pod> neighbours,
    SpareVolumes spareVolumes,
    Cluster cluster,
    Sightings sightings,
    Traffic traffic,
    Policy policy) {

  public Situation {
    namespaceAnnotations = Map.copyOf(namespaceAnnotations);
    storage = List.copyOf(storage);
    neighbours = List.copyOf(neighbours);
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

  /** The claims that cannot be used any more: the candidates for deletion. */
  public List<LostClaim> lostClaims() {
    return storage.stream().flatMap(each -> lost(each).stream()).toList();
  }

  private Optional<LostClaim> lost(PodStorage each) {
    return switch (each) {
      case PodStorage.ClaimAbsent _ -> Optional.empty();
      case PodStorage.Unbound unbound -> neverProvisioned(unbound);
      case PodStorage.VolumeAbsent absent -> volumeGone(absent);
      case PodStorage.Present present ->
          localityOf(present.volume()) instanceof Locality.Pinned pinned
                  && Home.of(pinned, cluster, pod) instanceof Home.Lost lost
              ? Optional.of(new LostClaim.OnLostNode(present, pinned, lost))
              : Optional.empty();
    };
  }

  /**
   * A claim that was never bound names the volume that it wants, too: only one that Kubernetes
   * calls Lost has had it.
   */
  private Optional<LostClaim> volumeGone(PodStorage.VolumeAbsent absent) {
    return absent.claim().phase().equals("Lost") && mayBeLocal(absent)
        ? Optional.of(new LostClaim.VolumeGone(absent))
        : Optional.empty();
  }

  private Optional<LostClaim> neverProvisioned(PodStorage.Unbound unbound) {
    return unbound
        .claim()
        .selectedNode()
        .filter(_ -> mayBeLocal(unbound))
        .flatMap(
            node ->
                Home.gone(node, cluster)
                    .map(evidence -> new LostClaim.NeverProvisioned(unbound, node, evidence)));
  }

  /** Without a volume only the class can tell; without a class nothing can. */
  private boolean mayBeLocal(PodStorage each) {
    return each.storageClass()
        .filter(found -> policy.storage().mayBeLocal(found.provisioner()))
        .isPresent();
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
        neighbours,
        spareVolumes,
        cluster,
        newSightings,
        traffic,
        policy);
  }

  public Situation with(SpareVolumes newSpareVolumes) {
    return new Situation(
        observedAt,
        pod,
        owner,
        namespaceAnnotations,
        namespaceTerminating,
        storage,
        neighbours,
        newSpareVolumes,
        cluster,
        sightings,
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
        neighbours,
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

  /** How long a claim must have been lost in that way. */
  Duration graceOf(LostClaim lost, LostState state) {
    Duration usual = policy.graceOf(state);
    Duration wanted = optIn().after().orElse(usual);
    return Collections.max(
        lost.leastGrace().isZero() ? List.of(wanted) : List.of(wanted, usual, lost.leastGrace()));
  }

  /** Every other pod of the namespace. */
  List<Pod> others() {
    return neighbours.stream().filter(other -> !other.id().uid().equals(pod.id().uid())).toList();
  }

  /** The other pods of the live set. */
  List<Pod> siblings() {
    OwningSet set = set();
    return others().stream()
        .filter(
            other ->
                other.controller().filter(owner -> owner.uid().equals(set.id().uid())).isPresent())
        .filter(other -> set.ordinalOf(other.name()).stream().anyMatch(set::wants))
        .toList();
  }
}
