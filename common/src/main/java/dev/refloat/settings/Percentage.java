package dev.refloat.settings;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole share of a hundred.
 *
 * @param value 0 to 100
 */
public record Percentage(int value) {

  private static final Pattern PERCENTAGE = Pattern.compile("([0-9]{1,3})%");

  public Percentage {
    if (value < 0 || value > 100) {
      throw new IllegalArgumentException("percentage is " + value + "; expected 0 to 100");
    }
  }

  /** Returns what {@code 33%} stands for. */
  public static Optional<Percentage> parse(String text) {
    Matcher digits = PERCENTAGE.matcher(text);
    return digits.matches() && Integer.parseInt(digits.group(1)) <= 100
        ? Optional.of(new Percentage(Integer.parseInt(digits.group(1))))
        : Optional.empty();
  }

  /** Whether {@code part} of {@code whole} is more than this share: never for 100 %. */
  public boolean isExceededBy(int part, int whole) {
    return 100L * part > (long) value * whole;
  }

  @Override
  public String toString() {
    return value + "%";
  }
}
