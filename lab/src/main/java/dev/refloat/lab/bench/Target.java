package dev.refloat.lab.bench;

import dev.refloat.lab.figures.Distribution;
import java.util.Locale;
import java.util.Optional;

/** What a figure should be. */
sealed interface Target {

  /** The 99th percentile is below this. */
  record Below(double limit, Unit unit) implements Target {}

  /** The median is at most this many times the floor's. */
  record TimesFloor(double factor) implements Target {}

  /**
   * The median is no larger than the floor's, but for a tenth of it or {@code slack}, whichever is
   * more: what two measurements of the same thing differ by.
   */
  record Flat(double slack) implements Target {}

  /** It is only told. */
  record None() implements Target {}

  /** Returns whether it is reached; empty if there is no target or nothing to compare with. */
  default Optional<Boolean> met(Distribution refloat, Optional<Distribution> floor) {
    return switch (this) {
      case Below(double limit, _) -> Optional.of(refloat.p99() < limit);
      case TimesFloor(double factor) ->
          floor.map(bare -> refloat.median() <= factor * bare.median());
      case Flat(double slack) ->
          floor.map(
              bare -> refloat.median() <= bare.median() + Math.max(slack, bare.median() / 10));
      case None() -> Optional.empty();
    };
  }

  default String words() {
    return switch (this) {
      case Below(double limit, Unit unit) -> "p99 < " + unit.print(limit);
      case TimesFloor(double factor) -> String.format(Locale.ROOT, "≤ %.1f × floor", factor);
      case Flat _ -> "flat";
      case None() -> "";
    };
  }
}
