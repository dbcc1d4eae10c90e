package dev.refloat.lab.drill.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs that have ended, for tests. */
public final class Runs {

  static final Instant START = Instant.parse("2026-11-30T10:00:00Z");

  private Runs() {}

  /** Returns a run in which the app was away for so many seconds: four tenths, and the rest. */
  public static Outcome away(double seconds) {
    return run(List.of(new Check("it is back", "Ready", "Ready on node-2", true)), seconds);
  }

  /** Returns a run in which the app never came back. */
  public static Outcome lost(String seen) {
    return run(List.of(new Check("it is back", "Ready", seen, false)), -1);
  }

  private static Outcome run(List<Check> checks, double away) {
    List<Mark> marks = new ArrayList<>();
    marks.add(new Mark(Moment.AWAY, at(1)));
    marks.add(new Mark(Moment.STRANDED, at(1.1)));
    if (away > 0) {
      marks.add(new Mark(Moment.SEEN, at(1.2)));
      marks.add(new Mark(Moment.ANEW, at(1.3)));
      marks.add(new Mark(Moment.BOUND, at(1.4)));
      marks.add(new Mark(Moment.BACK, at(1 + away)));
    }
    Instant end = at(2 + Math.max(0, away));
    return new Outcome(
        "node-failure",
        "app",
        START,
        end,
        List.of(
            new Phase("Baseline", START, at(1), List.of()),
            new Phase("Recovery", at(1), end, checks)),
        marks,
        List.of(new Table("Where", List.of("POD", "NODE"), List.of(List.of("app-0", "node-2")))),
        away > 0 ? Optional.empty() : Optional.of("cannot go on without: it is back"));
  }

  private static Instant at(double seconds) {
    return START.plus(Duration.ofMillis(Math.round(1000 * seconds)));
  }
}
