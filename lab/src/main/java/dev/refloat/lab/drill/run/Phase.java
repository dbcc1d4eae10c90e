package dev.refloat.lab.drill.run;

import java.time.Instant;
import java.util.List;

/** One part of a drill, with what was checked in it. */
public record Phase(String name, Instant from, Instant to, List<Check> checks) {

  public Phase {
    checks = List.copyOf(checks);
  }

  /** Returns whether all its checks passed. */
  public boolean passed() {
    return checks.stream().allMatch(Check::passed);
  }
}
