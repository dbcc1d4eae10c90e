package dev.refloat.webhook.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Who is next, where not all can be served at once. */
final class Rota {

  private Rota() {}

  /**
   * Returns at most {@code most} of {@code all}, sorted by key, from the first after {@code last}
   * on, and then from the beginning.
   *
   * @param last the key of whoever was served last; empty = nobody yet
   */
  static <T> List<T> next(List<T> all, Function<T, String> key, String last, int most) {
    List<T> sorted = all.stream().sorted(Comparator.comparing(key)).toList();
    return Stream.concat(
            sorted.stream().filter(each -> key.apply(each).compareTo(last) > 0),
            sorted.stream().filter(each -> key.apply(each).compareTo(last) <= 0))
        .limit(most)
        .toList();
  }
}
