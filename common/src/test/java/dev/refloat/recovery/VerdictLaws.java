package dev.refloat.recovery;

import dev.refloat.words.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/** What must be true of every answer, be it yes or no. */
final class VerdictLaws {

  private static final int LONGEST_NOTE = 1000;

  /** The names of all verdicts there are. */
  static final Set<String> REASONS = reasons(Verdict.class);

  record Law(String name, BiPredicate<Situation, Verdict> holds) {}

  static final List<Law> ALL =
      List.of(
          new Law("the reason is one of the closed set", VerdictLaws::reasonIsKnown),
          new Law("the words name the pod", VerdictLaws::wordsNameThePod),
          new Law(
              "the words are one line of at most 1000 characters", VerdictLaws::wordsAreOneLine),
          new Law("a hold ends later than now", VerdictLaws::holdEndsLater),
          new Law("what is said of a node, a pod or a time is true", VerdictLaws::evidenceIsTrue),
          new Law("the same facts have the same verdict", VerdictLaws::judgedTwice),
          new Law("no order of nodes, pods or free volumes matters", VerdictLaws::anyOrder),
          new Law("no order of claims makes a recovery", VerdictLaws::anyOrderOfClaims),
          new Law("what is refused would have broken a law", VerdictLaws::refusedForAReason));

  private VerdictLaws() {}

  private static Set<String> reasons(Class<?> type) {
    Set<String> reasons = new TreeSet<>();
    if (!type.isSealed()) {
      reasons.add(type.getSimpleName());
      return reasons;
    }
    for (Class<?> each : type.getPermittedSubclasses()) {
      reasons.addAll(reasons(each));
    }
    return reasons;
  }

  static Optional<Law> broken(Situation world, Verdict verdict) {
    return ALL.stream().filter(law -> !law.holds().test(world, verdict)).findFirst();
  }

  static boolean reasonIsKnown(Situation world, Verdict verdict) {
    return REASONS.contains(verdict.reason());
  }

  private static String words(Situation world, Verdict verdict) {
    return Words.of(world.pod().id(), verdict);
  }

  static boolean wordsNameThePod(Situation world, Verdict verdict) {
    return words(world, verdict).contains(" " + world.pod().id().name());
  }

  static boolean wordsAreOneLine(Situation world, Verdict verdict) {
    String words = words(world, verdict);
    return words.length() <= LONGEST_NOTE && words.chars().noneMatch(Character::isISOControl);
  }

  static boolean holdEndsLater(Situation world, Verdict verdict) {
    return !(verdict instanceof Verdict.Hold hold)
        || hold.until().isEmpty()
        || hold.until().get().isAfter(world.observedAt());
  }

  static boolean evidenceIsTrue(Situation world, Verdict verdict) {
    List<Node> nodes = world.cluster().nodes();
    return switch (verdict) {
      case Verdict.Leave.PinnedNodeHealthy(_, String name) ->
          nodes.stream()
              .anyMatch(node -> node.name().equals(name) && Plain.takes(node, world.pod()));
      case Verdict.Leave.Nominated(String name) ->
          nodes.stream().anyMatch(node -> node.name().equals(name));
      case Verdict.Hold.LowerOrdinalFirst(String name) -> isLowest(name, world);
      case Verdict.Hold.NowhereToGo(List<String> ruledOut) -> ruledOut.size() == nodes.size();
      case Verdict.Hold.ClaimInUse(String claim, List<String> pods) ->
          !pods.isEmpty()
              && world.others().stream()
                  .filter(other -> pods.contains(other.id().name()))
                  .allMatch(
                      other -> other.volumes().stream().anyMatch(ref -> ref.claim().equals(claim)));
      case Verdict.Hold.SiblingsNotReady(
              int ready,
              int required,
              int others,
              List<String> missing) ->
          ready < required && ready + missing.size() == others;
      case Verdict.Hold.BrakeOn(List<String> lost, int all, _) ->
          lost.size() >= 2 && lost.size() <= all;
      case Verdict.Leave _, Verdict.Hold _, Verdict.Recover _ -> true;
    };
  }

  private static boolean isLowest(String name, Situation world) {
    String set = world.owner().orElseThrow().id().name() + "-";
    return world.others().stream()
        .filter(other -> other.phase().equals("Pending") && other.node().isEmpty())
        .filter(other -> !other.terminating())
        .map(other -> other.id().name())
        .filter(other -> other.startsWith(set) && other.substring(set.length()).matches("\\d+"))
        .noneMatch(
            other ->
                Integer.parseInt(other.substring(set.length()))
                    < Integer.parseInt(name.substring(set.length())));
  }

  static boolean judgedTwice(Situation world, Verdict verdict) {
    return Judge.judge(world).equals(verdict);
  }

  static boolean anyOrder(Situation world, Verdict verdict) {
    Dice dice = new Dice(world.observedAt().getEpochSecond());
    Cluster cluster = world.cluster();
    SpareVolumes spare = world.spareVolumes();
    Situation shuffled =
        Copy.with(
            Copy.with(
                Copy.with(world, "neighbours", dice.shuffled(world.others())),
                "cluster",
                Copy.with(cluster, "nodes", dice.shuffled(cluster.nodes()))),
            "spareVolumes",
            new SpareVolumes(dice.shuffled(spare.free()), dice.shuffled(spare.waiting())));
    Verdict again = Judge.judge(shuffled);
    return verdict instanceof Verdict.Recover
        ? again.equals(verdict)
        : again.reason().equals(verdict.reason());
  }

  /** Which of several objections comes first may depend on it, but not whether there is one. */
  static boolean anyOrderOfClaims(Situation world, Verdict verdict) {
    Situation shuffled = Copy.with(world, "storage", new ArrayList<>(world.storage().reversed()));
    return Judge.judge(shuffled) instanceof Verdict.Recover == verdict instanceof Verdict.Recover;
  }

  /**
   * The oracle is asked about the plan that was not made: if it had nothing against it, then either
   * the judge is too careful, or the oracle would let a mistake pass.
   */
  static boolean refusedForAReason(Situation world, Verdict verdict) {
    return verdict instanceof Verdict.Recover
        || othersWaitForVolumes(world, verdict)
        || awaitsDriverInVain(world, verdict)
        || Temptations.of(world).stream().allMatch(plan -> Oracle.broken(world, plan).isPresent());
  }

  /** Who of several will get which volume only the judge knows. */
  private static boolean othersWaitForVolumes(Situation world, Verdict verdict) {
    boolean aboutVolumes =
        verdict instanceof Verdict.Hold.NowhereToGo
            || verdict instanceof Verdict.Hold.FreeVolumeOnLostNode;
    return aboutVolumes
        && !(world.spareVolumes().waiting().isEmpty() && world.traffic().givenUp().isEmpty());
  }

  /** Where the hostname is named as well, to wait for the driver is more care than is needed. */
  private static boolean awaitsDriverInVain(Situation world, Verdict verdict) {
    return verdict instanceof Verdict.Leave.DriverNotRegistered(String claim, String label, _)
        && world.storage().stream()
            .filter(each -> each.ref().claim().equals(claim))
            .filter(PodStorage.Present.class::isInstance)
            .map(PodStorage.Present.class::cast)
            .noneMatch(each -> Plain.driverKeys(each.volume(), world).contains(label));
  }
}
