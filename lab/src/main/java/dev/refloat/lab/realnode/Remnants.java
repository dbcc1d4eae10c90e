package dev.refloat.lab.realnode;

import java.util.List;

/**
 * What the real nodes of a run leave in the kernel: a bridge with what is plugged into it, and
 * control groups. Mounts, namespaces and processes end with the machines themselves.
 */
public final class Remnants {

  private static final String SCRIPT = Shell.script("remnants.sh");

  private Remnants() {}

  /**
   * Removes what is left of that run; its processes have ended, or are about to.
   *
   * @throws RealNodeFailed if something cannot be removed
   */
  public static void remove(RunIdentity run) {
    Shell.Outcome outcome = Shell.run(List.of("/bin/sh", "-c", script(), "sh", run.digits()));
    if (!outcome.good()) {
      throw new RealNodeFailed(
          "what run %s has left in the kernel cannot be removed: %s"
              .formatted(run.digits(), outcome.said()));
    }
  }

  /** Returns the POSIX shell's text that does it; its first argument is the run's identity. */
  public static String script() {
    return SCRIPT + "remove_remnants \"$1\"\n";
  }
}
