package dev.refloat.lab.drill.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How one run of a drill has ended.
 *
 * @param marks in the order in which they were made
 * @param trouble what ended it before its time; empty if it came to its end
 */
public record Outcome(
    String drill,
    String app,
    Instant from,
    Instant to,
    List<Phase> phases,
    List<Mark> marks,
    List<Table> tables,
    Optional<String> trouble) {

  /** What lies between two moments. */
  public record Leg(Moment from, Moment to, Duration duration) {

    /** Returns it in words: {@code stranded -> seen by Refloat}. */
    public String words() {
      return from.words() + " -> " + to.words();
    }
  }

  public Outcome {
    phases = List.copyOf(phases);
    marks = List.copyOf(marks);
    tables = List.copyOf(tables);
  }

  /** Returns whether all checks passed, of which there was at least one, and nothing went wrong. */
  public boolean passed() {
    return trouble.isEmpty() && checks().findAny().isPresent() && checks().allMatch(Check::passed);
  }

  /** Returns all checks, of all phases. */
  public Stream<Check> checks() {
    return phases.stream().flatMap(phase -> phase.checks().stream());
  }

  /** Returns how long the run took. */
  public Duration duration() {
    return Duration.between(from, to);
  }

  /** Returns how long the app was away; empty if it was not taken away, or did not come back. */
  public Optional<Duration> recovery() {
    return at(Moment.AWAY)
        .flatMap(away -> at(Moment.BACK).map(back -> Duration.between(away, back)));
  }

  /** Returns the legs of the way from {@link Moment#AWAY} on, as far as it went. */
  public List<Leg> legs() {
    List<Leg> legs = new ArrayList<>();
    for (int next = 1; next < marks.size(); next++) {
      Mark before = marks.get(next - 1);
      Mark mark = marks.get(next);
      legs.add(new Leg(before.moment(), mark.moment(), Duration.between(before.at(), mark.at())));
    }
    return List.copyOf(legs);
  }

  private Optional<Instant> at(Moment moment) {
    return marks.stream().filter(mark -> mark.moment() == moment).map(Mark::at).findFirst();
  }
}
