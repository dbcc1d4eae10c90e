package dev.refloat.lab.binaries;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of Go. A release candidate counts as its release. */
record GoVersion(int major, int minor, int patch) implements Comparable<GoVersion> {

  private static final Pattern PATTERN =
      Pattern.compile("(?:go)?(\\d+)\\.(\\d+)(?:\\.(\\d+))?(?:rc\\d+|beta\\d+)?(?:[ -].*)?");

  private static final Comparator<GoVersion> ORDER =
      Comparator.comparingInt(GoVersion::major)
          .thenComparingInt(GoVersion::minor)
          .thenComparingInt(GoVersion::patch);

  /**
   * Returns the version that {@code text} is, such as {@code go1.26.1} or {@code 1.26}; empty if it
   * is none.
   */
  static Optional<GoVersion> parse(String text) {
    Matcher match = PATTERN.matcher(text.strip());
    if (!match.matches()) {
      return Optional.empty();
    }
    String patch = match.group(3);
    return Optional.of(
        new GoVersion(
            Integer.parseInt(match.group(1)),
            Integer.parseInt(match.group(2)),
            patch == null ? 0 : Integer.parseInt(patch)));
  }

  /** Returns whether this Go can build a module that asks for {@code needed}. */
  boolean covers(GoVersion needed) {
    return compareTo(needed) >= 0;
  }

  @Override
  public int compareTo(GoVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "%d.%d.%d".formatted(major, minor, patch);
  }
}
