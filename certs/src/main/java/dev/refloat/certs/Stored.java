package dev.refloat.certs;

import java.util.function.Function;

/**
 * What was found where a certificate and its key are kept. That nobody could look is not a case.
 */
public sealed interface Stored<T> {

  /** There is nothing. */
  record Absent<T>() implements Stored<T> {}

  /**
   * There is something that cannot be used.
   *
   * @param why to be read after "it": {@code "has no tls.crt"}; never holds any of the key
   */
  record Unusable<T>(String why) implements Stored<T> {}

  /** Certificate and key, which belong together. Whether it is still valid is not said. */
  record Usable<T>(T value) implements Stored<T> {}

  /** Returns the same with another kind of value. */
  default <U> Stored<U> map(Function<T, U> function) {
    return switch (this) {
      case Absent<T>() -> new Absent<>();
      case Unusable<T>(String why) -> new Unusable<>(why);
      case Usable<T>(T value) -> new Usable<>(function.apply(value));
    };
  }
}
