package dev.refloat.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The judge in generated worlds, watched over by an oracle that was written without it.
 *
 * <p>Ten thousand worlds, the same in every build. More, or others: {@code -Drefloat.worlds=1000000
 * -Drefloat.worlds.seed=7}. What fails prints its seed and the command that repeats it alone.
 */
class WorldsTest {

  private static final int USUAL = 10_000;
  private static final long FIRST_SEED = 20_261_123;

  private static final int COUNT = Integer.getInteger("refloat.worlds", USUAL);
  private static final long SEED = Long.getLong("refloat.worlds.seed", FIRST_SEED);

  @Test
  void no_plan_breaks_a_law() {
    Map<String, Integer> verdicts = new TreeMap<>();
    inEveryWorld(
        seed -> {
          Situation world = Worlds.of(seed);
          Verdict verdict = Judge.judge(world);
          verdicts.merge(verdict.reason(), 1, Integer::sum);
          if (verdict instanceof Verdict.Recover(Plan plan)) {
            Optional<Oracle.Law> broken = Oracle.broken(world, plan);
            broken.ifPresent(law -> report(seed, law.name(), world));
          }
        });
    System.out.printf("-Drefloat.worlds=%d -Drefloat.worlds.seed=%d: %s%n", COUNT, SEED, verdicts);
  }

  @Test
  void no_recovery_survives_a_fact_that_speaks_against_it() {
    inEveryWorld(
        seed -> {
          Situation world = Worlds.of(seed);
          if (Judge.judge(world) instanceof Verdict.Recover(Plan plan)) {
            Recovery recovery = new Recovery(world, plan);
            for (Changes.Change change : Changes.ALL) {
              change
                  .of()
                  .apply(recovery)
                  .filter(changed -> !changed.allows(Judge.judge(changed.world())))
                  .findFirst()
                  .ifPresent(changed -> report(seed, change.name(), changed.world()));
            }
          }
        });
  }

  @Test
  void every_verdict_is_one_that_a_person_can_rely_on() {
    inEveryWorld(
        seed -> {
          Situation world = Worlds.of(seed);
          Verdict verdict = Judge.judge(world);
          Optional<VerdictLaws.Law> broken = VerdictLaws.broken(world, verdict);
          broken.ifPresent(law -> report(seed, law.name(), world));
        });
  }

  /** Otherwise the other tests prove nothing. */
  @Test
  void the_worlds_get_everywhere() {
    Map<String, Integer> verdicts = new TreeMap<>();
    Map<String, Integer> changes = new TreeMap<>();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + USUAL; seed++) {
      Situation world = Worlds.of(seed);
      Verdict verdict = Judge.judge(world);
      verdicts.merge(verdict.reason(), 1, Integer::sum);
      if (verdict instanceof Verdict.Recover(Plan plan)) {
        Recovery recovery = new Recovery(world, plan);
        for (Changes.Change change : Changes.ALL) {
          int made = (int) change.of().apply(recovery).count();
          changes.merge(change.name(), made, Integer::sum);
        }
      }
    }

    assertThat(verdicts.keySet()).containsExactlyElementsOf(VerdictLaws.REASONS);
    assertThat(verdicts.get("Recover")).isGreaterThan(USUAL / 20);
    assertThat(changes).allSatisfy((name, made) -> assertThat(made).as(name).isPositive());
  }

  @Test
  void a_seed_makes_the_same_world_again() {
    inEveryWorld(seed -> assertThat(print(Worlds.of(seed))).isEqualTo(print(Worlds.of(seed))));
  }

  private static void inEveryWorld(LongConsumer check) {
    for (long seed = SEED; seed < SEED + COUNT; seed++) {
      check.accept(seed);
    }
  }

  private static void report(long seed, String law, Situation world) {
    fail(
        """
        In world %d this does not hold: %s
        The verdict: %s
        %s
        To see it again:
        mvn -pl common test -Dtest=WorldsTest -Drefloat.worlds=1 -Drefloat.worlds.seed=%d"""
            .formatted(seed, law, Judge.judge(world), print(world), seed));
  }

  /** The facts, one to a line. */
  private static String print(Situation world) {
    return """
    now: %s
    pod: %s
    set: %s
    namespace: %s, terminating: %s
    claims:
    %s
    other pods:
    %s
    nodes:
    %s
    CSINodes: %s, vanished: %s
    free volumes:
    %s
    claims that wait for them: %s
    seen: %s
    traffic: %s
    graces: %s, cooldown: %s, brake: %s, at most: %s"""
        .formatted(
            world.observedAt(),
            world.pod(),
            world.owner().map(OwningSet::toString).orElse("none"),
            world.namespaceAnnotations(),
            world.namespaceTerminating(),
            lines(world.storage()),
            lines(world.others()),
            lines(world.cluster().nodes()),
            world.cluster().csiNodes(),
            world.cluster().vanished(),
            lines(world.spareVolumes().free()),
            world.spareVolumes().waiting(),
            world.sightings().since(),
            world.traffic(),
            world.policy().graces(),
            world.policy().cooldown(),
            world.policy().brake(),
            world.policy().maxConcurrent());
  }

  private static String lines(List<?> things) {
    return things.stream().map(thing -> "  " + thing).collect(Collectors.joining("\n"));
  }
}
