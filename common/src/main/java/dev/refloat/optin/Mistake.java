package dev.refloat.optin;

/**
 * One thing wrong with an opt-in, for a person.
 *
 * @param annotation its name
 * @param value what is there
 * @param expected what would be right, to be read after "expected"
 */
public record Mistake(String annotation, String value, String expected) {

  @Override
  public String toString() {
    return annotation + " is \"" + value + "\"; expected " + expected;
  }
}
