package dev.refloat.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Certificates in generated histories: several processes, crashes, people, and API servers that are
 * behind.
 *
 * <p>The same histories in every build. More, or others: {@code -Drefloat.histories=1000
 * -Drefloat.histories.seed=7}. What fails prints its seed and the command that repeats it alone.
 */
class HistoriesTest {

  private static final int USUAL = 40;

  /**
   * Among these are histories that break without each of the rules: to issue only when the
   * authority has settled, to retire only what is superseded, to keep who has signed what is
   * served, to read configurations first, and to write against the version that was read.
   */
  private static final long FIRST_SEED = 5_010;

  private static final int COUNT = Integer.getInteger("refloat.histories", USUAL);
  private static final long SEED = Long.getLong("refloat.histories.seed", FIRST_SEED);

  @Test
  void whatever_is_served_is_trusted_and_every_change_comes_to_its_end() {
    Map<String, Integer> happened = new TreeMap<>();
    for (long seed = SEED; seed < SEED + COUNT; seed++) {
      History history = new History(seed);
      try {
        history.live().forEach((what, times) -> happened.merge(what, times, Integer::sum));
      } catch (History.Broken e) {
        throw new AssertionError(
            """
            In history %d this does not hold: %s
            What happened before:
            %s
            To see it again:
            mvn -pl certs -am test -Dtest=HistoriesTest -Dsurefire.failIfNoSpecifiedTests=false \
            -Drefloat.histories=1 -Drefloat.histories.seed=%d"""
                .formatted(seed, e.getMessage(), history.story(), seed),
            e);
      }
    }
    System.out.printf(
        "-Drefloat.histories=%d -Drefloat.histories.seed=%d: %s%n", COUNT, SEED, happened);
    if (COUNT >= USUAL) {
      // Otherwise this proves nothing.
      assertThat(happened)
          .containsKeys(
              "a pass within another",
              "stopped",
              "the authority lost",
              "the authority's key lost",
              "the authority replaced by somebody",
              "the serving certificate lost",
              "CONFLICT injection",
              "CONFLICT refloat-tls [tls.crt, tls.key] []",
              "DONE refloat-ca [next.crt, next.key] []",
              "DONE refloat-ca [ca.crt, ca.key, previous.crt] [next.crt, next.key]",
              "DONE refloat-ca [] [previous.crt]");
    }
  }
}
