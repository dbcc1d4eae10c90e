package dev.refloat.recovery;

import dev.refloat.storage.Locality;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects unless at least one local volume's node is lost by structure: the volume's affinity
 * against the live nodes, never the scheduler's message.
 *
 * <p>A node that satisfies the volume, is Ready and takes pods proves that the cause is another
 * one, whatever the message says: a full node's message speaks of the affinity as well. Answers for
 * S01, S02, S03, S04, S07, S11, S14, S16, S18, S34.
 */
final class NodeLost implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    List<Situation.PinnedClaim> pinned = situation.pinnedClaims();
    if (pinned.isEmpty()) {
      return Optional.of(notLocal(situation));
    }
    List<Situation.PinnedClaim> healthy = new ArrayList<>();
    int lost = 0;
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
        case Home.Lost(_, _) -> lost++;
      }
    }
    return lost > 0 ? Optional.empty() : Optional.of(anotherCause(situation, healthy));
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
    Situation.PinnedClaim first = healthy.getFirst();
    return first.home() instanceof Home.Healthy(String node)
        ? new Verdict.Leave.PinnedNodeHealthy(first.claim().name(), node)
        : new Verdict.Leave.NoLocalVolume();
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
