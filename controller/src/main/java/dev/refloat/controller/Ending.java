package dev.refloat.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whether the process ends. Begins once, and never ends itself. */
final class Ending {

  private final List<Runnable> heralds = new CopyOnWriteArrayList<>();
  private volatile boolean begun;

  boolean hasBegun() {
    return begun;
  }

  /** Runs {@code herald} as soon as it begins; it wakes somebody who waits. */
  void tell(Runnable herald) {
    heralds.add(herald);
  }

  void begin() {
    begun = true;
    new ArrayList<>(heralds).forEach(Runnable::run);
  }
}
