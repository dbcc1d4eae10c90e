package dev.refloat.lab;

import java.io.IOException;

/** What a process can be sent, beside being ended. */
public enum Signal {
  /** Stops it where it is; it knows nothing of it. */
  STOP,

  /** Lets a stopped one go on. */
  CONT;

  /**
   * Sends it.
   *
   * @throws IllegalStateException if that is not possible
   */
  public void to(ProcessHandle process) {
    String what = "cannot send SIG" + name() + " to process " + process.pid();
    try {
      int status =
          new ProcessBuilder("kill", "-" + name(), Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException(what + ": kill has ended with status " + status);
      }
    } catch (IOException e) {
      throw new IllegalStateException(what, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(what, e);
    }
  }
}
