package dev.refloat.lab.bench;

import dev.refloat.lab.figures.Distribution;
import java.util.List;
import java.util.Optional;

/**
 * One line of the table.
 *
 * @param refloat what was measured; empty if Refloat did not get that far
 * @param floor the same measured of a bare client, or of an empty cluster; empty where there is
 *     nothing to compare with
 */
record Figure(
    String what,
    Unit unit,
    Optional<Distribution> refloat,
    Optional<Distribution> floor,
    Target target) {

  static Figure of(
      String what, Unit unit, List<Double> refloat, List<Double> floor, Target target) {
    return new Figure(what, unit, Distribution.ofAny(refloat), Distribution.ofAny(floor), target);
  }

  /** A figure that nothing is beside. */
  static Figure alone(String what, Unit unit, List<Double> refloat, Target target) {
    return of(what, unit, refloat, List.of(), target);
  }

  /** How many times the floor's median; empty without one, or where it is not above zero. */
  Optional<Double> ratio() {
    return floor
        .filter(bare -> bare.median() > 0)
        .flatMap(bare -> refloat.map(found -> found.median() / bare.median()));
  }

  /** Returns whether the target is reached; empty if there is none. */
  Optional<Boolean> met() {
    return target instanceof Target.None
        ? Optional.empty()
        : refloat.map(found -> target.met(found, floor)).orElse(Optional.of(false));
  }
}
