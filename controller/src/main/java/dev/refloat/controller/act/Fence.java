package dev.refloat.controller.act;

import java.util.Optional;

/**
 * Asked before each single write whether this process may still write.
 *
 * <p>A fence saves work and confusion, not data: between its answer and the write everything can
 * happen, and only the preconditions of the write are asked by the API server itself.
 */
@FunctionalInterface
public interface Fence {

  /** Nobody else is meant to write: no election. */
  Fence NONE = Optional::empty;

  /**
   * Returns why this process may not write any more; empty if it may. Takes at most one live read,
   * and that only where no local knowledge is young enough.
   */
  Optional<String> objection();
}
