package dev.refloat.recovery;

import dev.refloat.recovery.Oracle.Law;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether this is the time for it: the siblings, the cluster, the recoveries before. */
final class CrowdLaws {

  static final List<Law> ALL =
      List.of(
          new Law("S20 no other pod of the set is being refloated", CrowdLaws::aloneInSet),
          new Law("S20 enough siblings are Ready, on live and Ready nodes", CrowdLaws::othersWell),
          new Law("S22 no sibling with a lower ordinal waits, too", CrowdLaws::lowestFirst),
          new Law("S46 the claim's cooldown is over", CrowdLaws::cooledDown),
          new Law("S21 the brake is off", CrowdLaws::brakeIsOff),
          new Law("S23 there is a place and the rate allows it", CrowdLaws::allowedNow),
          new Law("S04 S45 some node has no provable obstacle", CrowdLaws::somewhereToGo),
          new Law("S45 the free volumes are not all spoken for", CrowdLaws::notAllTaken),
          new Law("S45 no Immediate class has a volume to strand it", CrowdLaws::noTrap));

  private CrowdLaws() {}

  static boolean aloneInSet(Recovery it) {
    Optional<String> inSet = it.world().traffic().inSet();
    return !it.givesUp() || inSet.isEmpty() || inSet.get().equals(it.world().pod().id().name());
  }

  private static List<Pod> siblings(Recovery it) {
    List<Pod> siblings = new ArrayList<>();
    for (Pod other : it.world().others()) {
      boolean owned =
          other.controller().isPresent()
              && other.controller().get().uid().equals(it.set().id().uid());
      for (int i = 0; i < it.set().replicas(); i++) {
        String name = it.set().id().name() + "-" + (it.set().start() + i);
        if (owned && other.id().name().equals(name)) {
          siblings.add(other);
        }
      }
    }
    return siblings;
  }

  static boolean othersWell(Recovery it) {
    if (!it.givesUp()) {
      return true;
    }
    Instant early = it.world().observedAt().minus(it.set().minReady());
    int well = 0;
    for (Pod sibling : siblings(it)) {
      boolean nodeIsWell = sibling.node().flatMap(it::nodeNamed).filter(Node::ready).isPresent();
      boolean ready =
          sibling.readySince().isPresent() && !sibling.readySince().get().isAfter(early);
      if (nodeIsWell && ready && !sibling.terminating()) {
        well++;
      }
    }
    return well >= it.wanted().required(it.set().replicas() - 1);
  }

  static boolean lowestFirst(Recovery it) {
    return !it.givesUp()
        || siblings(it).stream()
            .filter(sibling -> sibling.phase().equals("Pending") && sibling.node().isEmpty())
            .filter(sibling -> !sibling.terminating())
            .noneMatch(sibling -> ordinal(sibling) < it.ordinal());
  }

  private static int ordinal(Pod pod) {
    return Integer.parseInt(pod.id().name().substring(pod.id().name().lastIndexOf('-') + 1));
  }

  static boolean cooledDown(Recovery it) {
    Duration usual = it.world().policy().cooldown();
    for (PodStorage each : it.givenUp()) {
      Claim claim = Recovery.claimOf(each).orElseThrow();
      Duration age = Duration.between(claim.createdAt(), it.world().observedAt());
      Duration setWasOlderBy = Duration.between(it.set().createdAt(), claim.createdAt());
      String attempt = claim.annotations().get("refloat.dev/attempt");
      boolean held =
          attempt == null
              ? !claim.recovered() && age.compareTo(usual) < 0 && setWasOlderBy.compareTo(usual) > 0
              : age.compareTo(cooldown(usual, attempt)) < 0;
      if (held) {
        return false;
      }
    }
    return true;
  }

  /** Doubles per attempt, up to an hour. What is no number is a first attempt. */
  private static Duration cooldown(Duration usual, String attempt) {
    double times = attempt.matches("\\d{1,6}") ? Math.max(1, Double.parseDouble(attempt)) : 1;
    double seconds = Math.min(3600, usual.toSeconds() * Math.pow(2, Math.min(30, times - 1)));
    // Zero is how a person takes the mark off without removing it.
    return "0".equals(attempt) ? Duration.ZERO : Duration.ofSeconds((long) seconds);
  }

  static boolean brakeIsOff(Recovery it) {
    Set<String> live = new HashSet<>();
    Set<String> lost = new HashSet<>(it.world().traffic().goneNodes());
    lost.addAll(it.world().cluster().vanished());
    for (Node node : it.world().cluster().nodes()) {
      live.add(node.name());
      lost.remove(node.name());
      lost.remove(node.labels().get("kubernetes.io/hostname"));
    }
    int all = live.size() + lost.size();
    for (Node node : it.world().cluster().nodes()) {
      boolean givenUp =
          node.taints().stream()
              .anyMatch(taint -> taint.key().equals("node.kubernetes.io/out-of-service"));
      if (!node.ready() || givenUp) {
        lost.add(node.name());
      }
    }
    double limit = it.world().policy().brake().value() / 100.0;
    // One lost node is what this program is for, however small the cluster is.
    return !it.givesUp() || lost.size() < 2 || lost.size() <= limit * all + 1e-9;
  }

  static boolean allowedNow(Recovery it) {
    Traffic traffic = it.world().traffic();
    boolean place = traffic.inFlight() < it.world().policy().maxConcurrent();
    boolean tooSoon =
        traffic.nextAllowed().filter(next -> it.world().observedAt().isBefore(next)).isPresent();
    return !it.givesUp() || (place && !tooSoon);
  }

  static boolean somewhereToGo(Recovery it) {
    return !it.givesUp()
        || it.world().cluster().nodes().stream()
            .anyMatch(node -> mayTake(node, it) && mayMakeVolumes(node, it));
  }

  /** Whether the pod may go there with the volumes that it keeps. */
  private static boolean mayTake(Node node, Recovery it) {
    Pod pod = it.world().pod();
    boolean up =
        node.ready()
            && !Plain.cordonMinded(pod, node)
            && Plain.minded(pod, node).stream().allMatch(Plain::passes);
    boolean keptIsUsable =
        it.left().stream()
            .filter(PodStorage.Present.class::isInstance)
            .map(PodStorage.Present.class::cast)
            .allMatch(each -> Plain.usable(each.volume(), node));
    boolean taken =
        pod.placement().aloneOnNode()
            && siblings(it).stream()
                .filter(sibling -> !Set.of("Succeeded", "Failed").contains(sibling.phase()))
                .anyMatch(sibling -> sibling.node().equals(Optional.of(node.name())));
    return up && keptIsUsable && !taken && Plain.selected(pod, node);
  }

  private static boolean mayMakeVolumes(Node node, Recovery it) {
    List<Volume> chosen = new ArrayList<>();
    return mayMakeVolumes(it.givenUp(), 0, node, chosen, it);
  }

  /** Tries every way to give each claim a volume of its own. */
  private static boolean mayMakeVolumes(
      List<PodStorage> claims, int done, Node node, List<Volume> chosen, Recovery it) {
    if (done == claims.size()) {
      return true;
    }
    Optional<StorageClass> known = knownClass(claims.get(done), it);
    ClaimTemplate template = it.template(claims.get(done)).orElseThrow();
    if (known.isEmpty()) {
      return mayMakeVolumes(claims, done + 1, node, chosen, it);
    }
    if (!known.get().provisioner().equals("kubernetes.io/no-provisioner")) {
      return mayProvision(known.get(), template, node)
          && mayMakeVolumes(claims, done + 1, node, chosen, it);
    }
    for (Volume volume : it.world().spareVolumes().free()) {
      if (Plain.usable(volume, node)
          && fits(volume, template, known.get())
          && !chosen.contains(volume)) {
        chosen.add(volume);
        if (mayMakeVolumes(claims, done + 1, node, chosen, it)) {
          return true;
        }
        chosen.remove(volume);
      }
    }
    return false;
  }

  /** The class of the claim that will be made, as far as it is known: of others nothing is. */
  private static Optional<StorageClass> knownClass(PodStorage each, Recovery it) {
    Optional<String> asked = it.template(each).orElseThrow().storageClass();
    return each.storageClass()
        .filter(found -> asked.map(found.name()::equals).orElse(!found.name().isEmpty()));
  }

  private static boolean mayProvision(StorageClass found, ClaimTemplate template, Node node) {
    boolean room =
        found.immediate()
            || found.capacities().isEmpty()
            || found.capacities().get().stream()
                .anyMatch(
                    each -> each.bytes() >= template.bytes() && Plain.reaches(each.nodes(), node));
    return room && Plain.reaches(found.topologies(), node);
  }

  private static boolean fits(Volume volume, ClaimTemplate template, StorageClass found) {
    return volume.storageClass().equals(found.name())
        && volume.bytes() >= template.bytes()
        && volume.accessModes().containsAll(template.accessModes())
        && volume.mode().equals(template.mode());
  }

  private static boolean byHand(PodStorage each, Recovery it) {
    return knownClass(each, it)
        .filter(found -> found.provisioner().equals("kubernetes.io/no-provisioner"))
        .isPresent();
  }

  /** Where each of those who wait could take any of the free volumes, they all find one. */
  static boolean notAllTaken(Recovery it) {
    List<Volume> free = it.world().spareVolumes().free();
    Map<String, Claim> takers = takers(it);
    boolean anyWillDo =
        takers.values().stream()
            .allMatch(
                taker ->
                    free.stream()
                        .allMatch(
                            volume ->
                                volume.storageClass().equals(taker.storageClass().orElse(""))
                                    && volume.bytes() >= taker.bytes()
                                    && volume.accessModes().containsAll(taker.accessModes())
                                    && volume.mode().equals(taker.mode())));
    long own = it.givenUp().stream().filter(each -> byHand(each, it)).count();
    return own == 0 || !anyWillDo || takers.size() + own <= free.size();
  }

  private static Map<String, Claim> takers(Recovery it) {
    Map<String, Claim> takers = new HashMap<>();
    for (Claim claim : it.world().traffic().givenUp()) {
      takers.put(claim.id().namespace() + "/" + claim.id().name(), claim);
    }
    for (Claim claim : it.world().spareVolumes().waiting()) {
      takers.put(claim.id().namespace() + "/" + claim.id().name(), claim);
    }
    it.deleted().forEach(name -> takers.remove(it.world().pod().id().namespace() + "/" + name));
    return takers;
  }

  /** Asked only where nobody else takes the trap away. */
  static boolean noTrap(Recovery it) {
    if (!takers(it).isEmpty()) {
      return true;
    }
    for (PodStorage each : it.givenUp()) {
      if (!byHand(each, it) || !knownClass(each, it).orElseThrow().immediate()) {
        continue;
      }
      for (Volume volume : it.world().spareVolumes().free()) {
        boolean wanted =
            fits(volume, it.template(each).orElseThrow(), knownClass(each, it).orElseThrow());
        boolean reachable =
            it.world().cluster().nodes().stream()
                .anyMatch(node -> Plain.usable(volume, node) && mayTake(node, it));
        if (wanted && !reachable) {
          return false;
        }
      }
    }
    return true;
  }
}
