package dev.refloat.controller.act;

import java.util.Optional;

/** Whether this process may still write. Asked before each write. */
@FunctionalInterface
public interface Fence {

  /** For a process that needs nobody's leave; preconditions alone keep it safe. */
  Fence OPEN = Optional::empty;

  /** Returns why nothing may be written now; empty if it may. Can take one live read. */
  Optional<String> objection();
}
