package dev.refloat.settings;

import java.util.Map;

/**
 * One environment variable.
 *
 * @param fallback the text that counts if the variable is not set, empty or blank
 * @param inWords what a person is told that the fallback is; the fallback itself, unless it depends
 *     on where the process runs
 * @param meaning what it does, in Markdown, for the table of settings
 */
record Setting<T>(
    String name, ReadBy readBy, String fallback, String inWords, Format<T> format, String meaning) {

  enum ReadBy {
    BOTH,
    CONTROLLER,
    WEBHOOK
  }

  Setting(String name, ReadBy readBy, String fallback, Format<T> format, String meaning) {
    this(
        name,
        readBy,
        fallback,
        fallback.isEmpty() ? "empty" : "`" + fallback + "`",
        format,
        meaning);
  }

  Reading<T> read(String text) {
    return format.read().apply(text.isBlank() ? fallback : text.strip());
  }

  T byDefault() {
    return switch (read(fallback)) {
      case Reading.Value<T>(T value) -> value;
      case Reading.Expected<T>(String words) ->
          throw new IllegalStateException(
              "the default of " + name + " is \"" + fallback + "\"; expected " + words);
    };
  }

  void describe(T value, Map<String, String> texts) {
    texts.put(name, format.print().apply(value));
  }
}
