package dev.refloat.lab.drill;

/** Switches machines off and on; only a lab can. */
interface Power {

  /**
   * Switches the machine of a node off.
   *
   * @throws dev.refloat.lab.drill.run.DrillStopped if that is not possible
   */
  void off(String node);

  /** Switches it on again, with the disk that it had. */
  void on(String node);
}
