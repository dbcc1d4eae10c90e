package dev.refloat.optin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptInReaderTest {

  @Test
  void without_an_annotation_of_ours_nothing_is_opted_in() {
    assertThat(OptInReader.read(Map.of("team", "shop"))).isEqualTo(new OptInReading.No());
  }

  @Test
  void false_is_a_no() {
    assertThat(read("false")).isEqualTo(new OptInReading.No());
  }

  @Test
  void true_means_a_gone_node_with_the_defaults_of_everything_else() {
    assertThat(read("true"))
        .isEqualTo(
            new OptInReading.Yes(
                new OptIn(
                    new TreeSet<>(Set.of(LostState.GONE)),
                    Data.KEEP,
                    Optional.empty(),
                    new MinReady.All())));
  }

  @Test
  void all_values_together() {
    assertThat(
            OptInReader.read(
                Map.of(
                    Names.RECOVER, "node-cordoned,node-gone",
                    Names.DATA, "discard",
                    Names.AFTER, "1h30m",
                    Names.MIN_READY, "50%")))
        .isEqualTo(
            new OptInReading.Yes(
                new OptIn(
                    new TreeSet<>(Set.of(LostState.GONE, LostState.CORDONED)),
                    Data.DISCARD,
                    Optional.of(Duration.ofMinutes(90)),
                    new MinReady.Percent(50))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yes",
        "True",
        "NODE-GONE",
        "node-gone,",
        "node-gone, node-cordoned",
        "node-gone,node-gone",
        "node-dead",
        "true,node-gone"
      })
  void a_state_that_makes_no_sense_is_malformed(String value) {
    assertThat(read(value)).isInstanceOf(OptInReading.Malformed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "refloat.dev/data,Keep",
    "refloat.dev/data,''",
    "refloat.dev/after,15",
    "refloat.dev/after,-1s",
    "refloat.dev/after,25h",
    "refloat.dev/after,' 15s'",
    "refloat.dev/min-ready,101%",
    "refloat.dev/min-ready,-1",
    "refloat.dev/min-ready,most",
    "refloat.dev/min-ready,1.5",
    "refloat.dev/min-ready,99999999999",
    "refloat.dev/paused,true",
    "refloat.dev/recovery,true"
  })
  void every_other_annotation_is_checked_as_well(String name, String value) {
    OptInReading reading = OptInReader.read(Map.of(Names.RECOVER, "true", name, value));

    assertThat(((OptInReading.Malformed) reading).mistakes())
        .singleElement()
        .extracting(Mistake::annotation, Mistake::value)
        .containsExactly(name, value);
  }

  @Test
  void all_mistakes_are_found_at_once_and_read_as_sentences() {
    OptInReading reading =
        OptInReader.read(
            Map.of(Names.RECOVER, "node-dead", Names.AFTER, "15", "refloat.dev/min-raedy", "1"));

    assertThat(((OptInReading.Malformed) reading).mistakes().stream().map(Mistake::toString))
        .isEqualTo(
            List.of(
                "refloat.dev/after is \"15\"; expected a duration from 0s to 24h such as 30s, 10m or 1h30m",
                "refloat.dev/min-raedy is \"1\"; expected one of refloat.dev/after, refloat.dev/data, refloat.dev/min-ready, refloat.dev/recover; did you mean refloat.dev/min-ready?",
                "refloat.dev/recover is \"node-dead\"; expected true, false, or a comma list of node-gone, node-not-ready, node-cordoned, node-tainted; \"node-dead\" is none"));
  }

  @Test
  void a_duplicate_state_is_said() {
    assertThat(
            ((OptInReading.Malformed) read("node-gone,node-gone")).mistakes().getFirst().expected())
        .isEqualTo("each state once; node-gone is there twice");
  }

  @ParameterizedTest
  @CsvSource({"0,2,0", "1,2,1", "5,2,2", "0%,2,0", "1%,2,1", "50%,3,2", "100%,4,4", "3,0,0"})
  void min_ready_is_never_more_than_the_others_and_rounds_up(
      String value, int others, int required) {
    OptInReading reading = OptInReader.read(Map.of(Names.RECOVER, "true", Names.MIN_READY, value));

    assertThat(((OptInReading.Yes) reading).optIn().minReady().of(others)).isEqualTo(required);
  }

  private static OptInReading read(String recover) {
    return OptInReader.read(Map.of(Names.RECOVER, recover));
  }

  /** Whoever reads every pod of a cluster reads those of people who mean no good. */
  @Test
  void of_what_was_made_to_hurt_only_a_little_is_kept() {
    Map<String, String> many = new HashMap<>();
    for (int i = 0; i < 5_000; i++) {
      many.put("refloat.dev/name-" + i, "x");
    }

    assertThat(weight(Map.of("refloat.dev/recover", ",".repeat(250_000)))).isLessThan(10_000);
    assertThat(weight(Map.of("refloat.dev/data", "x".repeat(250_000)))).isLessThan(1_000);
    assertThat(weight(Map.of("refloat.dev/" + "x".repeat(60_000), "x"))).isLessThan(2_000);
    assertThat(weight(many)).isLessThan(1_000);
  }

  private static int weight(Map<String, String> annotations) {
    return switch (OptInReader.read(annotations)) {
      case OptInReading.Malformed(List<Mistake> mistakes) ->
          mistakes.stream().mapToInt(each -> each.toString().length()).sum();
      case OptInReading other -> throw new AssertionError(other.toString());
    };
  }
}
