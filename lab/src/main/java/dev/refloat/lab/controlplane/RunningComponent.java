package dev.refloat.lab.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A component that was started, with its log. */
final class RunningComponent {

  private static final int LINES_SHOWN = 15;

  private final Component component;
  private final Process process;
  private final ProcessIdentity identity;
  private final Path log;

  private RunningComponent(
      Component component, Process process, ProcessIdentity identity, Path log) {
    this.component = component;
    this.process = process;
    this.identity = identity;
    this.log = log;
  }

  /** Starts {@code component} from {@code executable}. */
  static RunningComponent start(Component component, Path executable, RunFolder folder) {
    Path log = folder.logs().resolve(component.name() + ".log");
    List<String> command = new ArrayList<>();
    command.add(executable.toString());
    command.addAll(component.arguments());
    try {
      Process process =
          new ProcessBuilder(OwnSession.wrap(command))
              .directory(folder.path().toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(log.toFile())
              .redirectErrorStream(true)
              .start();
      ProcessIdentity identity =
          ProcessIdentity.of(
              component.name(),
              process.toHandle(),
              executable.toRealPath().toString(),
              folder.path().toString());
      return new RunningComponent(component, process, identity, log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + executable, e);
    }
  }

  Component component() {
    return component;
  }

  ProcessIdentity identity() {
    return identity;
  }

  Process process() {
    return process;
  }

  Path log() {
    return log;
  }

  /**
   * Returns what is to be told when this component is at fault.
   *
   * @param what completes "kube-apiserver ..."
   */
  String complaint(String what) {
    return "%s %s. The end of its log:%n%s"
        .formatted(component.name(), what, LogTail.of(log, LINES_SHOWN));
  }

  /** Returns that the process has ended, as the exit code says it. */
  String ended() {
    int code = process.exitValue();
    return code > 128 ? "ended by signal " + (code - 128) : "ended with exit code " + code;
  }

  /** Asks the process to end, and ends it after {@code patience} if it has not. */
  void stop(Duration patience) {
    process.destroy();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor(2, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
