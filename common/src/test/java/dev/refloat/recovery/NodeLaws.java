package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.recovery.Oracle.Law;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether what is given up is lost, in a way that counts, and for long enough. */
final class NodeLaws {

  private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

  static final List<Law> ALL =
      List.of(
          new Law(
              "S01 S02 no live node that takes the pod has the volume", NodeLaws::noHealthyHome),
          new Law("S10 at most one live node matches a lost volume", NodeLaws::atMostOneMatches),
          new Law("S11 S18 gone: no Node, hostname or CSINode is left", NodeLaws::nothingIsLeft),
          new Law("S11 gone: every driver that pins has labelled its nodes", NodeLaws::labelled),
          new Law("S12 S13 S14 S16 it is lost in a way that is opted in", NodeLaws::optedInState),
          new Law("S55 the selected node is gone", NodeLaws::selectedNodeIsGone),
          new Law("S10 S15 S19 an opted-in cause was seen for its grace", NodeLaws::seenForGrace),
          new Law("S39 a volume was missing for ten minutes at least", NodeLaws::missedForLong),
          new Law("S14 no pinned volume's node is starting or stopping", NodeLaws::settled),
          new Law("S11 no kept local volume is where nobody can reach it", NodeLaws::keptIsThere));

  private NodeLaws() {}

  /** A way in which a volume's node is lost now, as the node itself shows it. */
  private record Loss(LostState state, String nodeUid, Instant notBefore) {}

  private static List<Node> homes(Volume volume, Recovery it) {
    return it.world().cluster().nodes().stream()
        .filter(node -> Plain.usable(volume, node))
        .toList();
  }

  static boolean noHealthyHome(Recovery it) {
    return it.lostVolumes().stream()
        .flatMap(each -> homes(each.volume(), it).stream())
        .noneMatch(node -> Plain.takes(node, it.world().pod()));
  }

  static boolean atMostOneMatches(Recovery it) {
    return it.lostVolumes().stream().allMatch(each -> homes(each.volume(), it).size() <= 1);
  }

  static boolean nothingIsLeft(Recovery it) {
    return it.lostVolumes().stream()
        .filter(each -> homes(each.volume(), it).isEmpty())
        .flatMap(each -> Plain.home(each.volume(), it.world()).stream())
        .noneMatch(name -> Plain.leftOf(name, it.world().cluster()));
  }

  /**
   * A hostname comes with the Node: a volume that is pinned by that as well waits for no driver.
   */
  static boolean labelled(Recovery it) {
    Instant young = it.world().observedAt().minus(TEN_MINUTES);
    List<Node> nodes = it.world().cluster().nodes();
    for (PodStorage.Present each : it.lostVolumes()) {
      if (!homes(each.volume(), it).isEmpty()) {
        continue;
      }
      for (String key : Plain.driverKeys(each.volume(), it.world())) {
        boolean somewhere = nodes.stream().anyMatch(node -> node.labels().containsKey(key));
        boolean everywhereInTime =
            nodes.stream()
                .filter(node -> node.createdAt().isAfter(young))
                .allMatch(node -> node.labels().containsKey(key));
        if (!somewhere || !everywhereInTime) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Loss> losses(Volume volume, Recovery it) {
    List<Node> homes = homes(volume, it);
    if (homes.isEmpty()) {
      return List.of(new Loss(LostState.GONE, "", Instant.MIN));
    }
    Node node = homes.getFirst();
    Pod pod = it.world().pod();
    List<Loss> losses = new ArrayList<>();
    if (Plain.outOfService(node)) {
      losses.add(new Loss(LostState.GONE, node.uid(), Instant.MIN));
    }
    if (!node.ready()) {
      losses.add(new Loss(LostState.NOT_READY, node.uid(), node.readyChangedAt()));
    }
    if (Plain.cordonMinded(pod, node)) {
      losses.add(new Loss(LostState.CORDONED, node.uid(), Instant.MIN));
    }
    if (Plain.minded(pod, node).stream().anyMatch(Plain::grave)) {
      losses.add(new Loss(LostState.TAINTED, node.uid(), Instant.MIN));
    }
    return losses;
  }

  static boolean optedInState(Recovery it) {
    for (PodStorage each : it.givenUp()) {
      boolean named =
          each instanceof PodStorage.Present present
              ? losses(present.volume(), it).stream()
                  .anyMatch(loss -> it.wanted().states().contains(loss.state()))
              : it.wanted().states().contains(LostState.GONE);
      if (!named) {
        return false;
      }
    }
    return true;
  }

  static boolean selectedNodeIsGone(Recovery it) {
    for (PodStorage each : it.givenUp()) {
      if (each instanceof PodStorage.Unbound(_, Claim claim, _)) {
        String name = claim.selectedNode().orElseThrow();
        List<Node> there =
            it.world().cluster().nodes().stream()
                .filter(node -> Plain.answersTo(name, node))
                .toList();
        boolean downForGood = !there.isEmpty() && there.stream().allMatch(Plain::outOfService);
        if (Plain.leftOf(name, it.world().cluster()) && !downForGood) {
          return false;
        }
      }
    }
    return true;
  }

  static boolean seenForGrace(Recovery it) {
    return it.givenUp().stream().allMatch(each -> seenForGrace(each, it));
  }

  private static boolean seenForGrace(PodStorage each, Recovery it) {
    return switch (each) {
      case PodStorage.ClaimAbsent _ -> false;
      case PodStorage.Present(_, _, Volume volume, _) ->
          losses(volume, it).stream()
              .filter(loss -> it.wanted().states().contains(loss.state()))
              .anyMatch(loss -> isOver(sinceLost(volume, loss, it), grace(loss.state(), it), it));
      case PodStorage.VolumeAbsent(_, Claim claim, String volume, _) ->
          isOver(
              since(it, new Cause.VolumeGone(claim.id().uid(), volume)),
              grace(LostState.GONE, it),
              it);
      case PodStorage.Unbound(_, Claim claim, _) ->
          isOver(
              since(
                  it,
                  new Cause.SelectedNodeGone(claim.id().uid(), claim.selectedNode().orElseThrow())),
              grace(LostState.GONE, it),
              it);
    };
  }

  private static boolean isOver(Instant since, Duration grace, Recovery it) {
    return !it.world().observedAt().isBefore(since.plus(grace));
  }

  /** What was never seen before is seen now for the first time. */
  private static Instant since(Recovery it, Cause cause) {
    return it.world().sightings().since().getOrDefault(cause, it.world().observedAt());
  }

  /** The later of what the node says itself and of when this process saw it (S12). */
  private static Instant sinceLost(Volume volume, Loss loss, Recovery it) {
    Instant seen = it.world().observedAt();
    for (Map.Entry<Cause, Instant> sighting : it.world().sightings().since().entrySet()) {
      if (sighting.getKey() instanceof Cause.NodeLost cause
          && cause.volumeUid().equals(volume.id().uid())
          && Optional.of(cause.affinity()).equals(volume.affinity())
          && cause.state() == loss.state()
          && cause.nodeUid().equals(loss.nodeUid())) {
        seen = sighting.getValue();
      }
    }
    return seen.isAfter(loss.notBefore()) ? seen : loss.notBefore();
  }

  private static Duration grace(LostState state, Recovery it) {
    return it.wanted().after().orElse(usual(state, it));
  }

  private static Duration usual(LostState state, Recovery it) {
    return Objects.requireNonNull(it.world().policy().graces().get(state));
  }

  static boolean missedForLong(Recovery it) {
    Duration usual = usual(LostState.GONE, it);
    for (PodStorage each : it.givenUp()) {
      if (each instanceof PodStorage.VolumeAbsent(_, Claim claim, String volume, _)) {
        Instant since = since(it, new Cause.VolumeGone(claim.id().uid(), volume));
        if (!isOver(since, TEN_MINUTES, it) || !isOver(since, usual, it)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Of the kept ones as well: a node that is starting may take the pod any moment. */
  static boolean settled(Recovery it) {
    if (!it.givesUp()) {
      return true;
    }
    for (PodStorage each : it.world().storage()) {
      if (each instanceof PodStorage.Present(_, _, Volume volume, _)
          && Plain.onOneNode(volume, it.world())) {
        for (Node node : homes(volume, it)) {
          if (losses(volume, it).isEmpty() && !Plain.minded(it.world().pod(), node).isEmpty()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  static boolean keptIsThere(Recovery it) {
    return !it.givesUp()
        || it.left().stream()
            .filter(PodStorage.Present.class::isInstance)
            .map(PodStorage.Present.class::cast)
            .filter(each -> Plain.onOneNode(each.volume(), it.world()))
            .allMatch(each -> homes(each.volume(), it).size() == 1);
  }
}
