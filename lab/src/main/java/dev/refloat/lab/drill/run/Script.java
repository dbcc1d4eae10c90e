package dev.refloat.lab.drill.run;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.await.AwaitFailed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One run of a drill, as it is written down while it is played. */
public final class Script {

  private final String drill;
  private final String app;
  private final Narrator narrator;
  private final InstantSource clock;
  private final Undo undo;
  private final Instant from;
  private final List<Phase> phases = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Check> checks = new ArrayList<>();
  private Optional<String> phase = Optional.empty();
  private Instant phaseFrom;

  /**
   * Constructed when a run begins.
   *
   * @param what happens to the app, in a few words
   */
  public Script(
      String drill, String app, String what, Narrator narrator, InstantSource clock, Undo undo) {
    this.drill = drill;
    this.app = app;
    this.narrator = narrator;
    this.clock = clock;
    this.undo = undo;
    this.from = clock.instant();
    this.phaseFrom = from;
    narrator.begins(drill, app, what);
  }

  /** Changes something that is undone when the run is over: {@link Undo#change}. */
  public void change(String undone, String byHand, Runnable back, Runnable change) {
    undo.change(undone, byHand, back, change);
  }

  /** Does what needs no undoing: {@link Undo#unlessOver}. */
  public void act(Runnable action) {
    undo.unlessOver(action);
  }

  /** The next part begins. */
  public void phase(String name) {
    endPhase();
    phase = Optional.of(name);
    narrator.phase(name);
  }

  private void endPhase() {
    Instant now = clock.instant();
    phase.ifPresent(name -> phases.add(new Phase(name, phaseFrom, now, checks)));
    checks.clear();
    phase = Optional.empty();
    phaseFrom = now;
  }

  /** Writes down that this happens to the app now. */
  public Instant mark(Moment moment) {
    Instant now = clock.instant();
    marks.add(new Mark(moment, now));
    return now;
  }

  /**
   * Returns when this happened to the app.
   *
   * @throws IllegalStateException if it has not
   */
  public Instant at(Moment moment) {
    return marks.stream()
        .filter(mark -> mark.moment() == moment)
        .map(Mark::at)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(moment + " has not come"));
  }

  /** Tells what is worth knowing and no check. */
  public void note(String words) {
    narrator.note(words);
  }

  /** Shows a table, and writes it down. */
  public void table(Table table) {
    tables.add(table);
    narrator.table(table);
  }

  /** Writes a check down; returns whether it passed. */
  public boolean check(String what, String expected, String seen, boolean passed) {
    Check check = new Check(what, expected, seen, passed);
    checks.add(check);
    narrator.checked(check, Duration.between(from, clock.instant()));
    return passed;
  }

  /** Checks that two things are the same. */
  public boolean same(String what, Object expected, Object seen) {
    return check(what, expected.toString(), seen.toString(), Objects.equals(expected, seen));
  }

  /**
   * Checks what the drill cannot go on without.
   *
   * @throws DrillStopped if it is not so
   */
  public void must(String what, String expected, String seen, boolean passed) {
    if (!check(what, expected, seen, passed)) {
      throw new DrillStopped("cannot go on without: " + what);
    }
  }

  /**
   * Waits for what must come, and writes it down as a check.
   *
   * @param words of a state; those of the last one if it does not come
   * @throws DrillStopped if it does not come
   */
  public <T> T await(
      String what,
      String expected,
      Duration patience,
      Supplier<T> look,
      Predicate<T> enough,
      Function<T, String> words) {
    return awaitIfComes(what, expected, patience, look, enough, words)
        .orElseThrow(() -> new DrillStopped("cannot go on without: " + what));
  }

  /** The same; returns nothing, after a failed check, if it does not come. */
  public <T> Optional<T> awaitIfComes(
      String what,
      String expected,
      Duration patience,
      Supplier<T> look,
      Predicate<T> enough,
      Function<T, String> words) {
    narrator.waits(what, patience);
    AtomicReference<T> last = new AtomicReference<>();
    try {
      T state =
          Await.within(patience)
              .until(
                  what,
                  () -> {
                    T now = look.get();
                    last.set(now);
                    return now;
                  },
                  enough,
                  words);
      check(what, expected, words.apply(state), true);
      return Optional.of(state);
    } catch (AwaitFailed e) {
      String seen = last.get() == null ? String.valueOf(e.getMessage()) : words.apply(last.get());
      check(what, "%s within %s".formatted(expected, Narrator.seconds(patience)), seen, false);
      return Optional.empty();
    }
  }

  /**
   * Watches that something stays as it is, and writes it down as a check.
   *
   * @param expected what it is from beginning to end
   */
  public boolean stays(String what, String expected, Duration watched, Supplier<String> look) {
    narrator.waits(what, watched);
    Instant end = clock.instant().plus(watched);
    String seen =
        Await.within(watched.plusSeconds(1))
            .until(what, look, now -> !now.equals(expected) || !clock.instant().isBefore(end));
    boolean same = seen.equals(expected);
    return check(
        what,
        expected,
        same ? "%s, for %s".formatted(expected, Narrator.seconds(watched)) : seen,
        same);
  }

  /** It is over; returns how it went. */
  public Outcome end(Optional<String> trouble) {
    endPhase();
    Outcome outcome =
        new Outcome(drill, app, from, clock.instant(), phases, marks, tables, trouble);
    narrator.ends(outcome);
    return outcome;
  }
}
