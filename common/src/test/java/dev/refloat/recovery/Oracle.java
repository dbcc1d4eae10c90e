package dev.refloat.recovery;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Says which law of SAFETY.md a plan breaks, if it breaks one.
 *
 * <p>Written from SAFETY.md over the bare facts, and not from the rules: where both agree on ten
 * thousand worlds, the same mistake would have to have been made twice.
 */
final class Oracle {

  /**
   * @param name what must be true of every plan, with the cases that it answers for
   */
  record Law(String name, Predicate<Recovery> holds) {}

  /** In an order in which each may rely on those before it. */
  static final List<Law> LAWS =
      Stream.of(PodLaws.ALL, ClaimLaws.ALL, NodeLaws.ALL, CrowdLaws.ALL, PlanLaws.ALL)
          .flatMap(List::stream)
          .toList();

  private Oracle() {}

  /** The first law that this plan breaks in this world. */
  static Optional<Law> broken(Situation world, Plan plan) {
    Recovery recovery = new Recovery(world, plan);
    return LAWS.stream().filter(law -> !law.holds().test(recovery)).findFirst();
  }
}
