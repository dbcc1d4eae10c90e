package dev.refloat.lab.controlplane;

import java.util.ArrayList;
import java.util.List;

/** Steps that are all taken, whatever becomes of the others. */
final class Farewell {

  private final List<RuntimeException> failures = new ArrayList<>();

  /** Takes a step; what it throws is kept for {@link #end}. */
  Farewell then(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      failures.add(e);
    }
    return this;
  }

  /** Adds what was thrown to {@code failure}, which was there before. */
  void endAfter(RuntimeException failure) {
    failures.forEach(failure::addSuppressed);
  }

  /** Throws what was thrown first, with the others in it; nothing if all went well. */
  void end() {
    if (!failures.isEmpty()) {
      RuntimeException first = failures.removeFirst();
      endAfter(first);
      throw first;
    }
  }
}
