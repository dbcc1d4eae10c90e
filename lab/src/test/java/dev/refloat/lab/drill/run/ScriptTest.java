package dev.refloat.lab.drill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptTest {

  private static final Duration SHORT = Duration.ofMillis(1);

  private final StringWriter said = new StringWriter();
  private final Narrator narrator = new Narrator(new PrintWriter(said), false);
  private final Undo undo = new Undo(narrator);
  private final Script script =
      new Script("drill", "app", "something happens", narrator, InstantSource.system(), undo);

  @AfterEach
  void close() {
    undo.close();
  }

  @Test
  void a_check_that_fails_says_what_was_expected_and_what_was_seen() {
    script.phase("Baseline");
    script.same("it is on the same node", "node-1", "node-2");

    Outcome outcome = script.end(Optional.empty());

    assertThat(outcome.passed()).isFalse();
    assertThat(outcome.phases()).singleElement().matches(phase -> phase.name().equals("Baseline"));
    assertThat(said.toString())
        .containsSubsequence(
            "drill on app: something happens",
            "Baseline",
            "FAIL",
            "expected: node-1",
            "seen:     node-2");
  }

  @Test
  void what_does_not_come_ends_the_run_with_what_was_seen_last() {
    script.phase("Recovery");

    assertThatThrownBy(
            () ->
                script.await(
                    "it is back", "Ready", SHORT, () -> "Pending", "Ready"::equals, s -> s))
        .isInstanceOf(DrillStopped.class)
        .hasMessageContaining("it is back");

    assertThat(script.end(Optional.of("stopped")).checks())
        .containsExactly(new Check("it is back", "Ready within 0.0 s", "Pending", false));
  }

  @Test
  void what_changes_while_it_is_watched_is_found_out() {
    script.phase("Watching");
    AtomicInteger looks = new AtomicInteger();

    boolean stayed =
        script.stays(
            "it stays",
            "same",
            Duration.ofMinutes(1),
            () -> looks.incrementAndGet() < 3 ? "same" : "other");

    assertThat(stayed).isFalse();
    assertThat(script.end(Optional.empty()).checks())
        .containsExactly(new Check("it stays", "same", "other", false));
  }

  @Test
  void trouble_is_no_pass_although_all_checks_passed() {
    script.phase("Baseline");
    script.same("it is well", "well", "well");

    assertThat(script.end(Optional.of("could not be undone")).passed()).isFalse();
  }
}
