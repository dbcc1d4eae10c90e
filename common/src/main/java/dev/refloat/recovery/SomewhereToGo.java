package dev.refloat.recovery;

import dev.refloat.storage.LocalStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects when it is provable that no live node can take the pod with new volumes.
 *
 * <p>A necessary condition, not a scheduler: what is not known may fit. Ruled out are nodes that
 * the pod does not select, that are not Ready, cordoned or tainted, that a kept volume cannot be
 * used on, that a sibling occupies which the pod must not meet, and, for classes without a
 * provisioner, nodes without a free volume for every claim. Answers for S04, S45.
 */
final class SomewhereToGo implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    List<String> ruledOut = new ArrayList<>();
    for (Node node : situation.cluster().nodes()) {
      Optional<String> obstacle = obstacle(node, situation);
      if (obstacle.isEmpty()) {
        return Optional.empty();
      }
      ruledOut.add(node.name() + ": " + obstacle.get());
    }
    ruledOut.sort(null);
    return Optional.of(new Verdict.Hold.NowhereToGo(ruledOut));
  }

  private static Optional<String> obstacle(Node node, Situation situation) {
    Pod pod = situation.pod();
    if (!pod.placement().selects(node)) {
      return Optional.of("the pod does not select it");
    }
    if (!node.ready()) {
      return Optional.of("not Ready");
    }
    if (node.unschedulable()
        && !pod.placement().tolerates(new Node.Taint(Home.UNSCHEDULABLE, "", "NoSchedule"))) {
      return Optional.of("cordoned");
    }
    Optional<Node.Taint> taint =
        node.taints().stream()
            .filter(
                each -> each.repels() && !Home.passing(each) && !pod.placement().tolerates(each))
            .findFirst();
    if (taint.isPresent()) {
      return Optional.of("taint " + taint.get());
    }
    return keptElsewhere(node, situation)
        .or(() -> occupied(node, situation))
        .or(() -> noVolume(node, situation));
  }

  private static Optional<String> keptElsewhere(Node node, Situation situation) {
    for (PodStorage storage : situation.storage()) {
      if (storage instanceof PodStorage.Present kept
          && situation.lostClaims().stream().noneMatch(lost -> lost.storage().equals(kept))
          && kept.volume()
              .affinity()
              .filter(affinity -> !affinity.matchesVolumeOn(node.labels()))
              .isPresent()) {
        return Optional.of(
            "volume " + kept.volume().name() + ", which is kept, cannot be used there");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> occupied(Node node, Situation situation) {
    if (!situation.pod().placement().aloneOnNode()) {
      return Optional.empty();
    }
    return situation.siblings().stream()
        .filter(
            sibling ->
                !sibling.finished() && sibling.node().filter(node.name()::equals).isPresent())
        .findFirst()
        .map(sibling -> "its sibling " + sibling.name() + " is there");
  }

  private static Optional<String> noVolume(Node node, Situation situation) {
    List<Volume> free =
        new ArrayList<>(
            situation.spareVolumes().stream()
                .filter(
                    volume ->
                        volume
                            .affinity()
                            .map(affinity -> affinity.matchesVolumeOn(node.labels()))
                            .orElse(true))
                .toList());
    for (Situation.LostClaim lost : situation.lostClaims()) {
      if (lost.storage().provisioner().filter(LocalStorage::isStatic).isEmpty()) {
        continue;
      }
      Optional<Volume> fit = free.stream().filter(volume -> fits(volume, lost.claim())).findFirst();
      if (fit.isEmpty()) {
        return Optional.of("no free volume for " + lost.claim().name());
      }
      free.remove(fit.get());
    }
    return Optional.empty();
  }

  private static boolean fits(Volume volume, Claim claim) {
    return claim.storageClass().filter(volume.storageClass()::equals).isPresent()
        && volume.bytes() >= claim.bytes()
        && volume.accessModes().containsAll(claim.accessModes())
        && volume.mode().equals(claim.mode());
  }
}
