package dev.refloat.settings;

import java.util.List;

/** What came of reading a process's settings: all of them, or everything that is wrong. */
public sealed interface Parsed<T> {

  /** Every setting has a value that the process can start with. */
  record Good<T>(T value) implements Parsed<T> {}

  /** At least one mistake; all of them, sorted by the name of the setting. */
  record Bad<T>(List<Problem> problems) implements Parsed<T> {
    public Bad {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("problems is empty; expected at least one");
      }
    }
  }
}
