package dev.refloat.settings;

/** What one text was understood as. */
sealed interface Reading<T> {

  record Value<T>(T value) implements Reading<T> {}

  /** The text is none of the kind; {@code words} completes "expected ...". */
  record Expected<T>(String words) implements Reading<T> {}
}
