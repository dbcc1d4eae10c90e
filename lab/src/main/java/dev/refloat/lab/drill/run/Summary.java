package dev.refloat.lab.drill.run;

import dev.refloat.lab.figures.Distribution;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What came of all runs.
 *
 * @param enough which share of them must pass
 */
public record Summary(List<Outcome> outcomes, Enough enough) {

  /** Which share of the runs must pass. */
  public enum Enough {
    ALL,
    MORE_THAN_95_PERCENT;

    private static final double NEARLY_ALL = 0.95;

    private boolean isMetBy(double share) {
      return switch (this) {
        case ALL -> share >= 1;
        case MORE_THAN_95_PERCENT -> share > NEARLY_ALL;
      };
    }
  }

  /**
   * What was measured in several runs.
   *
   * @param seconds of each
   */
  public record Measured(String what, Distribution seconds) {}

  public Summary {
    outcomes = List.copyOf(outcomes);
  }

  /** Returns how many runs passed. */
  public long good() {
    return outcomes.stream().filter(Outcome::passed).count();
  }

  /** Returns the share of the runs that passed, from 0 to 1; 0 if there were none. */
  public double share() {
    return outcomes.isEmpty() ? 0 : (double) good() / outcomes.size();
  }

  /** Returns whether enough runs passed. */
  public boolean passed() {
    return enough.isMetBy(share());
  }

  /** Returns how long apps were away, and each leg of that; nothing if none came back. */
  public List<Measured> measured() {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      outcome.recovery().ifPresent(away -> add(seconds, "away", away));
    }
    if (!seconds.isEmpty()) {
      outcomes.stream()
          .filter(outcome -> outcome.recovery().isPresent())
          .map(Outcome::legs)
          .filter(legs -> legs.size() > 1)
          .flatMap(List::stream)
          .sorted((one, other) -> one.to().compareTo(other.to()))
          .forEach(leg -> add(seconds, leg.words(), leg.duration()));
    }
    return seconds.entrySet().stream()
        .map(entry -> new Measured(entry.getKey(), new Distribution(entry.getValue())))
        .toList();
  }

  private static void add(Map<String, List<Double>> seconds, String what, Duration duration) {
    seconds.computeIfAbsent(what, _ -> new ArrayList<>()).add(duration.toMillis() / 1000.0);
  }

  /**
   * Returns the measured times as a table; empty if there is nothing to say that the table of runs
   * does not.
   */
  public Optional<Table> figures() {
    List<Measured> measured = measured();
    if (measured.stream().allMatch(each -> each.seconds().count() == 1)) {
      return measured.size() <= 1
          ? Optional.empty()
          : Optional.of(
              new Table(
                  "Times",
                  List.of("", "took"),
                  measured.stream()
                      .map(each -> List.of(each.what(), Narrator.seconds(each.seconds().mean())))
                      .toList()));
    }
    return Optional.of(
        new Table(
            "Times",
            List.of("", "n", "mean", "median", "p95", "min", "max"),
            measured.stream().map(Summary::row).toList()));
  }

  private static List<String> row(Measured measured) {
    Distribution seconds = measured.seconds();
    return List.of(
        measured.what(),
        String.valueOf(seconds.count()),
        Narrator.seconds(seconds.mean()),
        Narrator.seconds(seconds.median()),
        Narrator.seconds(seconds.percentile(95)),
        Narrator.seconds(seconds.smallest()),
        Narrator.seconds(seconds.largest()));
  }

  /** Tells it. */
  public void tell(PrintWriter out) {
    out.printf("%nSummary%n");
    new Table(
            "Runs",
            List.of("", "drill", "app", "took", "away"),
            outcomes.stream().map(Summary::row).toList())
        .lines()
        .forEach(line -> out.printf("  %s%n", line));
    figures()
        .ifPresent(
            table -> {
              out.println();
              table.lines().forEach(line -> out.printf("  %s%n", line));
            });
    out.printf("%n  %s  %s%n", passed() ? "PASS" : "FAIL", words());
    out.flush();
  }

  private static List<String> row(Outcome outcome) {
    return List.of(
        outcome.passed() ? "PASS" : "FAIL",
        outcome.drill(),
        outcome.app(),
        Narrator.seconds(outcome.duration()),
        outcome.recovery().map(Narrator::seconds).orElse(""));
  }

  /** Returns the last line: {@code 19 of 20 runs passed (95 %); more than 95 % must}. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%d of %d runs passed (%.0f %%)%s",
        good(),
        outcomes.size(),
        100 * share(),
        switch (enough) {
          case ALL -> "";
          case MORE_THAN_95_PERCENT -> "; more than 95 % must";
        });
  }
}
