package dev.refloat.lab.drill.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What has to be undone, the last thing first. Everything is undone once, also when the process is
 * asked to end in the middle of it (Ctrl-C); from then on nothing more is changed.
 */
public final class Undo implements AutoCloseable {

  private final Narrator narrator;
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Thread atExit = new Thread(this::interrupted, "undo-the-drill");
  private boolean over;

  private record Step(String what, String byHand, Runnable action) {}

  /** Constructed for one run. */
  public Undo(Narrator narrator) {
    this.narrator = narrator;
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /**
   * Changes something. Whoever undoes waits until that is done, so it must not take long.
   *
   * @param undone what is true again when it is undone, as a statement: {@code node-1 takes pods
   *     again}
   * @param byHand the command for a person where it could not be undone
   * @param back undoes it, or as much of it as was done
   * @throws DrillStopped if everything is being undone already
   */
  public synchronized void change(String undone, String byHand, Runnable back, Runnable change) {
    unlessOver(
        () -> {
          steps.push(new Step(undone, byHand, back));
          change.run();
        });
  }

  /**
   * Does what needs no undoing, but not once everything is being undone.
   *
   * @throws DrillStopped if so
   */
  public synchronized void unlessOver(Runnable action) {
    if (over) {
      throw new DrillStopped("interrupted");
    }
    action.run();
  }

  private void interrupted() {
    narrator.interrupted();
    var _ = all();
  }

  /** Undoes everything; returns what could not be undone, in words. */
  public synchronized List<String> all() {
    over = true;
    List<String> failures = new ArrayList<>();
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.action().run();
        narrator.undone(step.what());
      } catch (RuntimeException e) {
        String failure = "%s: %s. By hand: %s".formatted(step.what(), e, step.byHand());
        failures.add(failure);
        narrator.notUndone(failure);
      }
    }
    return failures;
  }

  /** Undoes what is left, if an error has kept anybody from it. */
  @Override
  public void close() {
    var _ = all();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process is on its way out, and the hook is at work.
    }
  }
}
