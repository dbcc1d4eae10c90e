package dev.refloat.lab.drill.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.drill.run.Summary.Enough;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  private static Summary of(int good, int bad) {
    List<Outcome> outcomes = new ArrayList<>(Collections.nCopies(good, Runs.away(6)));
    outcomes.addAll(Collections.nCopies(bad, Runs.lost("Pending")));
    return new Summary(outcomes, Enough.MORE_THAN_95_PERCENT);
  }

  private static String told(Summary summary) {
    StringWriter said = new StringWriter();
    summary.tell(new PrintWriter(said));
    return said.toString();
  }

  @Test
  void more_than_95_percent_of_many_runs_must_pass() {
    assertThat(of(20, 0).passed()).isTrue();
    assertThat(of(19, 1).passed()).as("19 of 20 are 95 %, not more").isFalse();
    assertThat(of(39, 1).passed()).isTrue();
    assertThat(of(0, 0).passed()).isFalse();
  }

  @Test
  void all_of_a_few_runs_must_pass() {
    assertThat(new Summary(of(39, 1).outcomes(), Enough.ALL).passed()).isFalse();
    assertThat(new Summary(of(3, 0).outcomes(), Enough.ALL).passed()).isTrue();
  }

  @Test
  void a_run_without_a_check_has_not_passed() {
    Outcome nothing =
        new Outcome(
            "d",
            "app",
            Runs.START,
            Runs.START,
            List.of(),
            List.of(),
            List.of(),
            java.util.Optional.empty());

    assertThat(nothing.passed()).isFalse();
  }

  @Test
  void times_are_of_those_that_came_back_and_say_where_they_went() {
    Summary summary =
        new Summary(
            List.of(Runs.away(4), Runs.away(8), Runs.away(6), Runs.lost("Pending")), Enough.ALL);

    assertThat(summary.measured())
        .extracting(Summary.Measured::what)
        .containsExactly(
            "away",
            "taken away -> stranded",
            "stranded -> seen by Refloat",
            "seen by Refloat -> claims made anew",
            "claims made anew -> bound to a node",
            "bound to a node -> Ready again");
    assertThat(summary.measured().getFirst().seconds().values()).containsExactly(4.0, 6.0, 8.0);
    assertThat(told(summary))
        .containsPattern("away +3 +6\\.0 s +6\\.0 s +8\\.0 s +4\\.0 s +8\\.0 s")
        .containsPattern("taken away -> stranded +3 ")
        .contains("FAIL  3 of 4 runs passed (75 %)");
  }

  @Test
  void of_one_run_each_leg_is_told_without_statistics() {
    String told = told(new Summary(List.of(Runs.away(6)), Enough.ALL));

    assertThat(told).contains("took").doesNotContain("median");
    assertThat(told).containsPattern("stranded -> seen by Refloat +0\\.1 s");
  }
}
