package dev.refloat.lab.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints a timeline of at most a hundred columns, without colour: seconds since the start, then
 * what happened.
 *
 * <p>Long lines are broken between words and go on below their beginning.
 */
final class Teller {

  private static final int COLUMNS = 100;
  private static final int INDENT = 11;

  private final PrintStream out;
  private final Instant start;

  Teller(PrintStream out, Instant start) {
    this.out = out;
    this.start = start;
  }

  void chapter(String title) {
    out.println();
    out.println(title);
    out.println("-".repeat(title.length()));
  }

  /** Something that happened then. */
  void at(Instant when, String what) {
    double seconds = Duration.between(start, when).toMillis() / 1000.0;
    print(String.format(Locale.ROOT, "%7.1f s  ", seconds), what);
  }

  /** Something that belongs to the line above. */
  void note(String what) {
    print(" ".repeat(INDENT), what);
  }

  /** A line as it is, for commands to copy. */
  void raw(String line) {
    out.println(line);
  }

  private void print(String margin, String text) {
    List<String> lines = wrap(text, COLUMNS - INDENT);
    out.println(margin + lines.getFirst());
    lines.stream().skip(1).forEach(line -> out.println(" ".repeat(INDENT) + line));
  }

  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.strip().split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
