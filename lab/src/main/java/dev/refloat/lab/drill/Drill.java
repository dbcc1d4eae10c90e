package dev.refloat.lab.drill;

import dev.refloat.lab.drill.run.Script;
import java.util.List;

/** Something that is done to an app, and what is expected of it. */
interface Drill {

  /** Returns the word that a person calls it by. */
  String name();

  /**
   * Returns what it does, in a few words: {@code its pod is deleted by force}. Asks nobody for it.
   */
  String summary(App app);

  /** Returns what it would do, step by step. */
  List<String> plan(App app);

  /**
   * Looks whether it can be done without harm, and can end well.
   *
   * @throws DrillRefused if not
   */
  void refuseIfUnsafe(App app);

  /**
   * Looks whether all these runs, one after the other, can end well.
   *
   * @throws DrillRefused if not
   */
  default void refuseIfTooOften(List<App> runs) {}

  /** Returns whether it changes something, so that the app is looked at once more afterwards. */
  default boolean changesSomething() {
    return true;
  }

  /**
   * Does it. What it does to the cluster it does by {@link Script#change}.
   *
   * @throws dev.refloat.lab.drill.run.DrillStopped if there is no use in going on
   */
  void play(App app, Script script);
}
