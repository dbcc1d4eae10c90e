package dev.refloat.lab.drill.run;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Tells a person what happens, while it happens. */
public final class Narrator {

  private static final int WIDTH = 52;

  /** What is as it should be need not be read to its end. */
  private static final int BRIEF = 100;

  private final PrintWriter out;
  private final boolean verbose;

  /** From then on only what is undone is of interest. */
  private volatile boolean interrupted;

  /**
   * Constructed with where to tell it.
   *
   * @param verbose whether to tell what is waited for, too, and all in full
   */
  public Narrator(PrintWriter out, boolean verbose) {
    this.out = out;
    this.verbose = verbose;
  }

  private void say(String line) {
    if (!interrupted) {
      always(line);
    }
  }

  private void always(String line) {
    out.println(line);
    out.flush();
  }

  void begins(String drill, String app, String what) {
    say("");
    say("%s on %s: %s".formatted(drill, app, what));
  }

  void phase(String name) {
    say("  " + name);
  }

  void checked(Check check, Duration sinceStart) {
    if (check.passed()) {
      say(
          ("    PASS  %-" + WIDTH + "s  %s  (%s)")
              .formatted(check.what(), brief(check.seen()), seconds(sinceStart)));
    } else {
      say("    FAIL  %s  (%s)".formatted(check.what(), seconds(sinceStart)));
      say("          expected: " + check.expected());
      say("          seen:     " + check.seen());
    }
  }

  private String brief(String text) {
    return verbose || text.length() <= BRIEF ? text : text.substring(0, BRIEF - 3) + "...";
  }

  /** What takes its time. */
  void waits(String what, Duration longest) {
    if (verbose) {
      say("    ....  %s? (up to %s)".formatted(what, seconds(longest)));
    }
  }

  void note(String words) {
    say("    note  " + words);
  }

  void table(Table table) {
    say("    " + table.title());
    table.lines().forEach(line -> say("      " + line));
  }

  void interrupted() {
    say("");
    say("  Interrupted. What was done is undone now; please wait.");
    interrupted = true;
  }

  void undone(String what) {
    always("    undo  " + what);
  }

  void notUndone(String failure) {
    always("    FAIL  could not be undone: " + failure);
  }

  void ends(Outcome outcome) {
    say(
        "  %s  %s on %s: %d checks, %d failed, %s"
            .formatted(
                outcome.passed() ? "PASS" : "FAIL",
                outcome.drill(),
                outcome.app(),
                outcome.checks().count(),
                outcome.checks().filter(check -> !check.passed()).count(),
                seconds(outcome.duration())));
    outcome.trouble().ifPresent(why -> say("        " + why));
  }

  /** Returns a duration in seconds, as people read it: {@code 3.4 s}. */
  public static String seconds(Duration duration) {
    return seconds(duration.toMillis() / 1000.0);
  }

  /** Returns seconds as people read them: {@code 3.4 s}. */
  public static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
