package dev.refloat.lab;

/** Where the lab says what it is doing; one sentence at a time, without a line break. */
@FunctionalInterface
public interface Progress {

  /** Says {@code line} to whoever is waiting. */
  void say(String line);

  /** Returns a progress that says nothing. */
  static Progress silent() {
    return line -> {};
  }

  /** Returns a progress that writes to standard error, one line at a time. */
  static Progress toStandardError() {
    return System.err::println;
  }
}
