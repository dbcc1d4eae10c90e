package dev.refloat.lab.controlplane;

import dev.refloat.lab.binaries.Program;
import java.util.List;

/**
 * One program of the control plane, and how it is run.
 *
 * @param program which one
 * @param arguments its arguments; one of them names the folder of the run
 */
record Component(Program program, List<String> arguments) {

  Component {
    arguments = List.copyOf(arguments);
  }

  /** Returns what people call it. */
  String name() {
    return program.fileName();
  }
}
