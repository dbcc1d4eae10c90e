package dev.refloat.lab.drill.report;

import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Table;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** What the template of the page shows; everything is text, or a number of pixels. */
record Page(
    String title,
    String result,
    String words,
    String schedule,
    String context,
    String namespace,
    List<Spread> spreads,
    List<Voyages> voyages,
    List<TimesRow> times,
    List<RunView> runs) {

  /** So few runs are shown in full; of more, those that failed. */
  private static final int FEW = 2;

  /** A row of the table of times. */
  record TimesRow(
      String what, int n, String mean, String median, String p95, String min, String max) {

    private static TimesRow of(Figures.Times times) {
      return new TimesRow(
          times.what(),
          times.n(),
          Narrator.seconds(times.mean()),
          Narrator.seconds(times.median()),
          Narrator.seconds(times.p95()),
          Narrator.seconds(times.min()),
          Narrator.seconds(times.max()));
    }
  }

  /**
   * One run.
   *
   * @param open {@code open} if it is worth reading at once
   */
  record RunView(
      int number,
      String drill,
      String app,
      String result,
      String from,
      String took,
      String away,
      String trouble,
      String open,
      Timeline timeline,
      List<Figures.Part> phases,
      List<TableView> tables) {

    private static RunView of(int number, Figures.Run run, boolean few) {
      return new RunView(
          number,
          run.drill(),
          run.app(),
          run.result(),
          run.from(),
          Narrator.seconds(run.seconds()),
          run.awaySeconds() == null ? "" : "away for " + Narrator.seconds(run.awaySeconds()),
          Objects.requireNonNullElse(run.trouble(), ""),
          few || run.result().equals("FAIL") ? "open" : "",
          Timeline.of(run),
          run.phases(),
          run.tables().stream().map(TableView::of).toList());
    }
  }

  /** A table, row by row. */
  record TableView(String title, List<String> head, List<Row> rows) {

    record Row(List<String> cells) {}

    private static TableView of(Table table) {
      return new TableView(
          table.title(), table.head(), table.rows().stream().map(Row::new).toList());
    }
  }

  static Page of(Figures figures) {
    List<Figures.Run> runs = figures.runs();
    String drills =
        String.join(", ", runs.stream().map(Figures.Run::drill).distinct().sorted().toList());
    return new Page(
        "refloat-drill " + drills,
        figures.result(),
        figures.words(),
        figures.schedule(),
        figures.context(),
        figures.namespace(),
        figures.times().stream()
            .filter(times -> times.what().equals("away") && times.n() > 1)
            .map(Spread::of)
            .toList(),
        Voyages.of(runs),
        figures.times().stream().map(TimesRow::of).toList(),
        IntStream.range(0, runs.size())
            .mapToObj(run -> RunView.of(run + 1, runs.get(run), runs.size() <= FEW))
            .toList());
  }
}
