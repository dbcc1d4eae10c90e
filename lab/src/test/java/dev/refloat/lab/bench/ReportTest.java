package dev.refloat.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.bench.Findings.RequestCosts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Machine MACHINE =
      new Machine(
          Instant.parse("2026-11-23T12:00:00Z"), 2, 23.6, "0.31", "v1.36.3", "25.0.1", "abc1234");

  private static final Figure SLOW =
      Figure.of(
          "grace over → bound",
          Unit.SECONDS,
          List.of(1.5, 1.0, 2.0),
          List.of(1.0),
          new Target.TimesFloor(1.3));

  private static String report(Findings findings) {
    return new Report(MACHINE, findings).markdown();
  }

  @Test
  void a_row_has_the_figure_its_floor_and_whether_the_target_is_met() {
    assertThat(report(new Findings(List.of(SLOW), List.of(), List.of())))
        .contains(
            "| grace over → bound | 3 | 1.500 s | 2.000 s | 1.000 s | 1.000 s | 1.50 | ≤ 1.3 × floor | **no** |");
  }

  @Test
  void a_figure_without_floor_and_target_leaves_these_cells_empty() {
    Figure alone = Figure.alone("RssAnon", Unit.MEGABYTES, List.of(96.25), new Target.None());

    assertThat(report(new Findings(List.of(alone), List.of(), List.of())))
        .contains("| RssAnon | 1 | 96.3 MB | 96.3 MB |  |  |  |  |  |");
  }

  @Test
  void a_figure_that_refloat_did_not_reach_is_seen() {
    Figure missing =
        Figure.of("bound", Unit.SECONDS, List.of(), List.of(1.0), new Target.TimesFloor(1.5));

    assertThat(report(new Findings(List.of(missing), List.of(), List.of())))
        .contains("| bound | 0 | – | – | 1.000 s | 1.000 s |  | ≤ 1.5 × floor | **no** |");
  }

  @Test
  void says_on_what_it_was_measured() {
    assertThat(report(Findings.NONE))
        .contains("2 cores", "24 GB", "load 0.31", "Kubernetes v1.36.3", "Java 25.0.1", "abc1234");
  }

  @Test
  void requests_are_shared_by_the_recoveries_that_they_were_for() {
    Requests requests = new Requests(new TreeMap<>(Map.of("get pods", 30, "delete pods 409", 5)));

    String report =
        report(
            new Findings(
                List.of(),
                List.of(
                    new RequestCosts("Refloat", requests, 10),
                    new RequestCosts("idle", requests, 0)),
                List.of()));

    assertThat(report)
        .contains("Requests of Refloat: 35, 3.50 per recovery", "| delete pods 409 | 5 | 0.50 |")
        .contains("Requests of idle: 35\n", "| delete pods 409 | 5 |\n");
  }

  @Test
  void remarks_are_told() {
    assertThat(report(new Findings(List.of(SLOW), List.of(), List.of("Only 3 of 5."))))
        .contains("\nOnly 3 of 5.\n");
  }
}
