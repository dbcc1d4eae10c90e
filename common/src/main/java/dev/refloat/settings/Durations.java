package dev.refloat.settings;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one way in which Refloat reads and writes a length of time: {@code 500ms}, {@code 15s},
 * {@code 10m}, {@code 1h30m}.
 *
 * <p>A subset of what Go's {@code time.ParseDuration} accepts, so that a value that works here
 * means the same in any other tool around Kubernetes: whole numbers, hours before minutes before
 * seconds before milliseconds, each at most once. No fractions, no sign, no spaces, no days.
 */
public final class Durations {

  /** What a person should have written; completes "expected ...". */
  public static final String FORMAT = "a duration such as 500ms, 15s, 10m or 1h30m";

  /** Nine digits a part: more than 100,000 years of hours, and far from an overflow. */
  private static final Pattern PARTS =
      Pattern.compile("(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

  private Durations() {}

  /** Returns the duration that {@code text} stands for, or empty if it stands for none. */
  public static Optional<Duration> parse(String text) {
    Matcher parts = PARTS.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofHours(number(parts, 1))
            .plusMinutes(number(parts, 2))
            .plusSeconds(number(parts, 3))
            .plusMillis(number(parts, 4)));
  }

  /**
   * Returns the shortest text that {@link #parse} reads back as {@code duration}; what is below a
   * millisecond is cut off.
   *
   * @throws IllegalArgumentException if the duration is negative
   */
  public static String print(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration is " + duration + "; expected none below zero");
    }
    String text =
        part(duration.toHours(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s")
            + part(duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text;
  }

  private static long number(Matcher parts, int group) {
    String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }
}
