package dev.refloat.lab.drill.report;

import dev.refloat.lab.drill.run.Check;
import dev.refloat.lab.drill.run.Mark;
import dev.refloat.lab.drill.run.Outcome;
import dev.refloat.lab.drill.run.Summary;
import dev.refloat.lab.drill.run.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A report as plain values: what the JSON is. Times are text as in the API of Kubernetes, durations
 * are seconds.
 *
 * @param result {@code PASS} or {@code FAIL}
 * @param words the result in a line
 */
record Figures(
    String result,
    String words,
    String schedule,
    String context,
    String namespace,
    int passedRuns,
    List<Run> runs,
    List<Times> times) {

  /**
   * One run.
   *
   * @param trouble what ended it before its time
   * @param awaySeconds how long the app was away; null if it was not, or did not come back
   */
  record Run(
      String drill,
      String app,
      String result,
      String from,
      String to,
      double seconds,
      @Nullable Double awaySeconds,
      @Nullable String trouble,
      List<Part> phases,
      List<Moment> moments,
      List<Table> tables) {

    private static Run of(Outcome outcome) {
      return new Run(
          outcome.drill(),
          outcome.app(),
          wordOf(outcome.passed()),
          text(outcome.from()),
          text(outcome.to()),
          inSeconds(outcome.duration()),
          orNull(outcome.recovery().map(Figures::inSeconds)),
          orNull(outcome.trouble()),
          outcome.phases().stream()
              .map(
                  phase ->
                      new Part(
                          phase.name(),
                          wordOf(phase.passed()),
                          inSeconds(Duration.between(outcome.from(), phase.from())),
                          inSeconds(Duration.between(outcome.from(), phase.to())),
                          phase.checks()))
              .toList(),
          outcome.marks().stream().map(mark -> Moment.of(mark, outcome)).toList(),
          outcome.tables());
    }
  }

  /**
   * A phase.
   *
   * @param from seconds since the run began
   * @param to the same
   */
  record Part(String name, String result, double from, double to, List<Check> checks) {}

  /**
   * Something that happened to the app.
   *
   * @param at seconds since the run began
   */
  record Moment(String what, double at) {

    private static Moment of(Mark mark, Outcome outcome) {
      return new Moment(
          mark.moment().words(), inSeconds(Duration.between(outcome.from(), mark.at())));
    }
  }

  /**
   * What was measured in several runs.
   *
   * @param seconds of each, the shortest first
   */
  record Times(
      String what,
      int n,
      double mean,
      double median,
      double p95,
      double min,
      double max,
      List<Double> seconds) {

    private static Times of(Summary.Measured measured) {
      var seconds = measured.seconds();
      return new Times(
          measured.what(),
          seconds.count(),
          seconds.mean(),
          seconds.median(),
          seconds.percentile(95),
          seconds.smallest(),
          seconds.largest(),
          seconds.values());
    }
  }

  static Figures of(Report report) {
    Summary summary = report.summary();
    return new Figures(
        wordOf(summary.passed()),
        summary.words(),
        report.schedule(),
        report.context(),
        report.namespace(),
        Math.toIntExact(summary.good()),
        summary.outcomes().stream().map(Run::of).toList(),
        summary.measured().stream().map(Times::of).toList());
  }

  private static String text(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static String wordOf(boolean passed) {
    return passed ? "PASS" : "FAIL";
  }

  private static double inSeconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static <T> @Nullable T orNull(Optional<T> value) {
    return value.orElse(null);
  }
}
