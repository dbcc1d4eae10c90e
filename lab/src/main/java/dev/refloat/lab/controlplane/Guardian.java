package dev.refloat.lab.controlplane;

import dev.refloat.lab.realnode.Remnants;
import dev.refloat.lab.realnode.RunIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A shell that ends the components as soon as their launcher is gone, even by SIGKILL: it is told
 * of each one over a pipe, and the pipe's end is the end of the launcher. The next start cleans up
 * all the same, for the day on which both are killed.
 */
final class Guardian implements AutoCloseable {

  private static final String SCRIPT =
      """
      trap '' INT HUP TERM
      pids=
      while read -r word pid; do
        case $word in
          started) pids="$pids $pid" ;;
          ended)
            rest=
            for one in $pids; do [ "$one" = "$pid" ] || rest="$rest $one"; done
            pids=$rest ;;
          done) exit 0 ;;
        esac
      done
      [ -z "$pids" ] || kill -KILL $pids
      """;

  /** As {@link Remnants#script} has it: the first argument after the mark is the run's identity. */
  private static final String WITH_REMNANTS = SCRIPT + "shift\n" + Remnants.script();

  private final Process shell;
  private final Writer pipe;

  /** Starts a guardian; {@code mark} is among its arguments, see {@link ProcessIdentity}. */
  static Guardian of(String mark) {
    return new Guardian(List.of("/bin/sh", "-c", SCRIPT, "refloat-lab-guardian", mark));
  }

  /** Starts a guardian that removes what real nodes leave in the kernel as well. */
  static Guardian withRealNodes(String mark, RunIdentity run) {
    return new Guardian(
        List.of("/bin/sh", "-c", WITH_REMNANTS, "refloat-lab-guardian", mark, run.digits()));
  }

  private Guardian(List<String> command) {
    try {
      this.shell =
          new ProcessBuilder(OwnSession.wrap(command))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start /bin/sh", e);
    }
    this.pipe = shell.outputWriter(StandardCharsets.US_ASCII);
  }

  /** From now on {@code pid} ends with the launcher. */
  void started(long pid) {
    tell("started " + pid);
  }

  /** The process has ended, so its number may belong to somebody else soon. */
  void ended(long pid) {
    tell("ended " + pid);
  }

  private synchronized void tell(String line) {
    try {
      pipe.write(line);
      pipe.write('\n');
      pipe.flush();
    } catch (IOException e) {
      // Only the extra protection is lost: the next start still cleans up.
    }
  }

  /** Ends the guardian without ending anything else. */
  @Override
  public void close() {
    tell("done");
    try {
      if (!shell.waitFor(1, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
