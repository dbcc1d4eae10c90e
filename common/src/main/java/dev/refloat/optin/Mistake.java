package dev.refloat.optin;

/**
 * One thing wrong with an opt-in, for a person.
 *
 * @param annotation its name
 * @param value what is there
 * @param expected what would be right, to be read after "expected"
 */
public record Mistake(String annotation, String value, String expected) {

  /** Enough to see what is wrong. An annotation may have 256 KiB. */
  private static final int LONGEST = 200;

  public Mistake {
    annotation = brief(annotation);
    value = brief(value);
    expected = expected.length() <= 3 * LONGEST ? expected : expected.substring(0, 3 * LONGEST);
  }

  private static String brief(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }

  @Override
  public String toString() {
    return annotation + " is \"" + value + "\"; expected " + expected;
  }
}
