package dev.refloat.recovery;

import dev.refloat.storage.Locality;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects unless at least one local volume's node is lost by structure: the volume's affinity
 * against the live nodes, never the scheduler's message.
 *
 * <p>A node that satisfies the volume, is Ready and takes pods proves that the cause is another
 * one, whatever the message says: a full node's message speaks of the affinity as well. A node that
 * was registered after the volume was made is alive all the same, and is named. Answers for S01,
 * S02, S03, S04, S07, S11, S14, S16, S18, S34.
 */
final class NodeLost implements Rule {

  /** How long a storage driver may take to label its node. */
  private static final Duration REGISTERED_WITHIN = Duration.ofMinutes(10);

  @Override
  public Optional<Verdict> objection(Situation situation) {
    List<Situation.PinnedClaim> pinned = situation.pinnedClaims();
    List<LostClaim> lost = situation.lostClaims();
    if (pinned.isEmpty() && lost.isEmpty()) {
      return Optional.of(notLocal(situation));
    }
    List<Situation.PinnedClaim> healthy = new ArrayList<>();
    for (Situation.PinnedClaim claim : pinned) {
      switch (claim.home()) {
        case Home.StillRegistered(String node, String evidence) -> {
          return Optional.of(
              new Verdict.Leave.NodeStillRegistered(claim.claim().name(), node, evidence));
        }
        case Home.NotSettled(String node, List<String> taints) -> {
          return Optional.of(new Verdict.Hold.NodeNotSettled(claim.claim().name(), node, taints));
        }
        case Home.Healthy(_) -> healthy.add(claim);
        case Home.Lost(_, _) -> {}
      }
    }
    return lost.isEmpty()
        ? Optional.of(anotherCause(situation, healthy))
        : driverNotRegistered(lost, situation);
  }

  /**
   * A driver that pins by a label of its own registers it some time after the Node: until then a
   * node that came back looks gone. A hostname label comes with the Node, so that it is exact.
   */
  private static Optional<Verdict> driverNotRegistered(List<LostClaim> lost, Situation situation) {
    for (LostClaim claim : lost) {
      if (!(claim instanceof LostClaim.OnLostNode(_, Locality.Pinned pinned, Home.Lost home))
          || home.causes().stream().noneMatch(loss -> loss.nodeUid().isEmpty())) {
        continue;
      }
      for (String key : pinned.keys()) {
        if (key.equals(Node.HOSTNAME)) {
          continue;
        }
        List<String> without = nodesThatMayGet(key, situation);
        if (!without.isEmpty()) {
          return Optional.of(
              new Verdict.Leave.DriverNotRegistered(claim.claim().name(), key, without));
        }
      }
    }
    return Optional.empty();
  }

  /** Nodes without the label: young ones, and all if there is no node that has it. */
  private static List<String> nodesThatMayGet(String key, Situation situation) {
    List<Node> nodes = situation.cluster().nodes();
    boolean nowhere = nodes.stream().noneMatch(node -> node.labels().containsKey(key));
    Instant young = situation.observedAt().minus(REGISTERED_WITHIN);
    return nodes.stream()
        .filter(node -> !node.labels().containsKey(key))
        .filter(node -> nowhere || node.createdAt().isAfter(young))
        .map(Node::name)
        .sorted()
        .toList();
  }

  private static Verdict anotherCause(Situation situation, List<Situation.PinnedClaim> healthy) {
    boolean oneNodeServesAll =
        situation.cluster().nodes().stream()
            .anyMatch(
                node ->
                    healthy.stream()
                        .allMatch(
                            claim -> claim.pinned().affinity().matchesVolumeOn(node.labels())));
    if (!oneNodeServesAll) {
      return new Verdict.Leave.ConflictingPins(
          healthy.stream()
              .map(
                  claim ->
                      claim.claim().name() + " on " + String.join(", ", claim.pinned().names()))
              .toList());
    }
    return replaced(situation, healthy).orElseGet(() -> isHealthy(healthy.getFirst()));
  }

  private static Verdict isHealthy(Situation.PinnedClaim claim) {
    return claim.home() instanceof Home.Healthy(String node)
        ? new Verdict.Leave.PinnedNodeHealthy(claim.claim().name(), node)
        : new Verdict.Leave.NoLocalVolume();
  }

  private static Optional<Verdict> replaced(
      Situation situation, List<Situation.PinnedClaim> healthy) {
    for (Situation.PinnedClaim claim : healthy) {
      Volume volume = claim.volume();
      Optional<Node> younger =
          situation.cluster().nodes().stream()
              .filter(node -> claim.pinned().affinity().matchesVolumeOn(node.labels()))
              .filter(node -> node.createdAt().isAfter(volume.createdAt()))
              .findFirst();
      if (younger.isPresent()) {
        return Optional.of(
            new Verdict.Leave.PinnedNodeReplaced(
                claim.claim().name(),
                younger.get().name(),
                younger.get().createdAt(),
                volume.name(),
                volume.createdAt()));
      }
    }
    return Optional.empty();
  }

  private static Verdict notLocal(Situation situation) {
    for (PodStorage storage : situation.storage()) {
      if (storage instanceof PodStorage.Present present
          && situation.localityOf(present.volume())
              instanceof Locality.NotOneNode(String affinity)) {
        return new Verdict.Leave.NotOneNode(present.claim().name(), affinity);
      }
    }
    return new Verdict.Leave.NoLocalVolume();
  }
}
