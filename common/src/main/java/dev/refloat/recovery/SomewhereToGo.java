package dev.refloat.recovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Objects when it is provable that no live node can take the pod with new volumes.
 *
 * <p>A necessary condition, not a scheduler: what is not known may fit. Ruled out are nodes that
 * the pod does not select, that are not Ready, cordoned or tainted, that a kept volume cannot be
 * used on, that a sibling occupies which the pod must not meet, and those where no new volume can
 * be: for classes without a provisioner without a free one for every claim, for the others outside
 * of the allowed topologies or without capacity. Answers for S04, S45.
 */
final class SomewhereToGo implements Rule {

  @Override
  public Optional<Verdict> objection(Situation situation) {
    List<LostClaim> lost = situation.lostClaims();
    List<Wish> wishes = wishes(lost, situation);
    List<Volume> left =
        leftByOthers(lost, situation).stream()
            .filter(volume -> wishes.stream().anyMatch(wish -> wish.fits(volume)))
            .toList();
    List<Volume> kept = kept(lost, situation);
    List<String> ruledOut = new ArrayList<>();
    List<String> notMeant = new ArrayList<>();
    for (Node node : situation.cluster().nodes()) {
      Optional<String> obstacle =
          obstacle(node, kept, situation).or(() -> noVolume(node, wishes, left));
      if (obstacle.isEmpty()) {
        return freeVolumeOnLostNode(situation, wishes, left, kept);
      }
      boolean meant = situation.pod().placement().selects(node);
      (meant ? ruledOut : notMeant).add(node.name() + ": " + obstacle.get());
    }
    // Words show the first few: those that the pod is meant for come first.
    ruledOut.sort(null);
    notMeant.sort(null);
    ruledOut.addAll(notMeant);
    return Optional.of(new Verdict.Hold.NowhereToGo(ruledOut));
  }

  /** What the claim that takes a lost one's place will ask for, and of which class. */
  private record Wish(String claim, ClaimTemplate template, StorageClass storageClass) {

    boolean fits(Volume volume) {
      return volume.storageClass().equals(storageClass.name())
          && volume.bytes() >= template.bytes()
          && volume.accessModes().containsAll(template.accessModes())
          && volume.mode().equals(template.mode());
    }
  }

  /** Those of which the class is known; of the others nothing can be proved. */
  private static List<Wish> wishes(List<LostClaim> lostClaims, Situation situation) {
    List<Wish> wishes = new ArrayList<>();
    for (LostClaim lost : lostClaims) {
      Optional<ClaimTemplate> template =
          situation.set().templateOf(lost.storage().ref(), situation.pod().name());
      Optional<StorageClass> found = lost.storage().storageClass();
      if (template.isPresent()
          && found.isPresent()
          && template
              .get()
              .storageClass()
              .map(found.get().name()::equals)
              .orElse(!found.get().name().isEmpty())) {
        wishes.add(new Wish(lost.claim().name(), template.get(), found.get()));
      }
    }
    return wishes;
  }

  /**
   * The free volumes without those that claims which wait, and recoveries which are under way, have
   * a right to. Each takes the smallest that fits, as the binder does.
   */
  private static List<Volume> leftByOthers(List<LostClaim> lostClaims, Situation situation) {
    List<Volume> left = new ArrayList<>(situation.spareVolumes().free());
    left.sort(Comparator.comparingLong(Volume::bytes).thenComparing(Volume::name));
    Map<String, Claim> takers = new TreeMap<>();
    situation.traffic().givenUp().forEach(claim -> takers.put(key(claim), claim));
    situation.spareVolumes().waiting().forEach(claim -> takers.put(key(claim), claim));
    lostClaims.forEach(lost -> takers.remove(key(lost.claim())));
    for (Claim taker : takers.values()) {
      left.stream().filter(volume -> fits(volume, taker)).findFirst().ifPresent(left::remove);
    }
    return left;
  }

  private static String key(Claim claim) {
    return claim.id().namespace() + "/" + claim.name();
  }

  /** A class that binds at once may choose a volume before the pod has a node, and on any node. */
  private static Optional<Verdict> freeVolumeOnLostNode(
      Situation situation, List<Wish> wishes, List<Volume> left, List<Volume> kept) {
    for (Wish wish : wishes) {
      if (!wish.storageClass().isStatic() || !wish.storageClass().immediate()) {
        continue;
      }
      for (Volume volume : left) {
        boolean usable =
            situation.cluster().nodes().stream()
                .anyMatch(
                    node -> usableOn(volume, node) && obstacle(node, kept, situation).isEmpty());
        if (wish.fits(volume) && !usable) {
          return Optional.of(
              new Verdict.Hold.FreeVolumeOnLostNode(
                  wish.claim(), wish.storageClass().name(), volume.name()));
        }
      }
    }
    return Optional.empty();
  }

  /** The volumes that the pod goes on using. */
  private static List<Volume> kept(List<LostClaim> lostClaims, Situation situation) {
    Set<PodStorage> lost =
        lostClaims.stream().map(LostClaim::storage).collect(Collectors.toUnmodifiableSet());
    return situation.storage().stream()
        .filter(each -> each instanceof PodStorage.Present && !lost.contains(each))
        .map(each -> ((PodStorage.Present) each).volume())
        .toList();
  }

  private static Optional<String> obstacle(Node node, List<Volume> kept, Situation situation) {
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
    return keptElsewhere(node, kept).or(() -> occupied(node, situation));
  }

  private static Optional<String> keptElsewhere(Node node, List<Volume> kept) {
    return kept.stream()
        .filter(volume -> !usableOn(volume, node))
        .findFirst()
        .map(
            volume -> "volume " + volume.name() + ", which it goes on using, cannot be used there");
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

  private static Optional<String> noVolume(Node node, List<Wish> wishes, List<Volume> left) {
    List<Volume> here =
        new ArrayList<>(left.stream().filter(volume -> usableOn(volume, node)).toList());
    for (Wish wish : wishes) {
      Optional<String> obstacle =
          wish.storageClass().isStatic() ? noFreeVolume(wish, here) : notProvisioned(wish, node);
      if (obstacle.isPresent()) {
        return obstacle;
      }
    }
    return Optional.empty();
  }

  /** Takes the volume that it finds, so that it is counted once. */
  private static Optional<String> noFreeVolume(Wish wish, List<Volume> here) {
    Optional<Volume> fit = here.stream().filter(wish::fits).findFirst();
    fit.ifPresent(here::remove);
    return fit.isPresent() ? Optional.empty() : Optional.of("no free volume for " + wish.claim());
  }

  /**
   * By the scheduler's own conditions, see <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumebinding/binder.go">binder.go</a>,
   * {@code checkVolumeProvisions} and {@code hasEnoughCapacity}.
   */
  private static Optional<String> notProvisioned(Wish wish, Node node) {
    StorageClass made = wish.storageClass();
    boolean allowed =
        made.topologies()
            .map(selector -> selector.matchesNode(node.name(), node.labels()))
            .orElse(true);
    if (!allowed) {
      return Optional.of("outside the allowedTopologies of class " + made.name());
    }
    boolean room =
        made.capacities()
            .map(
                all ->
                    all.stream()
                        .anyMatch(capacity -> capacity.suffices(node, wish.template().bytes())))
            .orElse(true);
    return made.immediate() || room
        ? Optional.empty()
        : Optional.of("no capacity for " + wish.claim() + " (CSIStorageCapacity)");
  }

  private static boolean usableOn(Volume volume, Node node) {
    return volume.affinity().map(affinity -> affinity.matchesVolumeOn(node.labels())).orElse(true);
  }

  private static boolean fits(Volume volume, Claim claim) {
    return volume.storageClass().equals(claim.storageClass().orElse(""))
        && volume.bytes() >= claim.bytes()
        && volume.accessModes().containsAll(claim.accessModes())
        && volume.mode().equals(claim.mode());
  }
}
