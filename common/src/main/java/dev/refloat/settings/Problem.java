package dev.refloat.settings;

import java.util.Optional;

/** One mistake in the settings; its {@code toString} is one line for the person who made it. */
public sealed interface Problem {

  /** The environment variable that is wrong. */
  String name();

  /** The setting exists, but not with this value. {@code expected} completes "expected ...". */
  record Refused(String name, String value, String expected) implements Problem {
    @Override
    public String toString() {
      return name + " is \"" + onOneLine(value) + "\"; expected " + expected;
    }
  }

  /** There is no setting of this name. */
  record Unknown(String name, Optional<String> nearest) implements Problem {
    @Override
    public String toString() {
      return onOneLine(name)
          + " is not a setting of Refloat; "
          + nearest
              .map(known -> "did you mean " + known + "?")
              .orElse("docs/settings.md lists all of them");
    }
  }

  private static String onOneLine(String text) {
    int most = 120;
    String start = text.length() <= most ? text : text.substring(0, most) + "…";
    return start.replaceAll("\\p{Cntrl}", " ");
  }
}
