package dev.refloat.settings;

import java.util.Optional;
import java.util.function.Function;

/**
 * How a kind of value is written.
 *
 * @param words what a person is told to write, for the table of settings
 * @param read reads a text that has no blanks around it
 * @param print writes a value so that {@code read} reads it back
 */
record Format<T>(String words, Function<String, Reading<T>> read, Function<T, String> print) {

  /** A format for which one sentence, {@code expected}, answers every text that cannot be read. */
  static <T> Format<T> of(
      String words,
      String expected,
      Function<String, Optional<T>> parse,
      Function<T, String> print) {
    return new Format<>(
        words,
        text ->
            parse
                .apply(text)
                .<Reading<T>>map(Reading.Value::new)
                .orElse(new Reading.Expected<>(expected)),
        print);
  }

  /** This format, for another type of the same texts. */
  <U> Format<U> as(Function<T, U> to, Function<U, T> from) {
    return new Format<>(
        words,
        text ->
            switch (read.apply(text)) {
              case Reading.Value<T>(T value) -> new Reading.Value<>(to.apply(value));
              case Reading.Expected<T>(String expected) -> new Reading.Expected<>(expected);
            },
        value -> print.apply(from.apply(value)));
  }
}
