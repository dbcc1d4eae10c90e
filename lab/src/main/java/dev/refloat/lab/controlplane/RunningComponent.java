package dev.refloat.lab.controlplane;

import static java.util.Locale.ROOT;

import dev.refloat.lab.LogTail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A process of the run that was started, with its log. */
final class RunningComponent {

  private static final int LINES_SHOWN = 15;
  private static final Set<String> PROXIES = Set.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY");

  /**
   * Waits for a word before it becomes the component: a launcher that is killed before it has told
   * anybody of the process must not leave it behind.
   */
  private static final List<String> ON_THE_WORD =
      List.of("/bin/sh", "-c", "read -r word && exec \"$@\" </dev/null", "refloat-lab-start");

  private final Process process;
  private final ProcessIdentity identity;
  private final Path log;

  private RunningComponent(Process process, ProcessIdentity identity, Path log) {
    this.process = process;
    this.identity = identity;
    this.log = log;
  }

  /**
   * Starts {@code component} from {@code executable}; all it says goes to its log. It does nothing
   * before {@link #go}.
   */
  static RunningComponent start(Component component, Path executable, RunFolder folder) {
    List<String> command = new ArrayList<>(ON_THE_WORD);
    command.add(executable.toString());
    command.addAll(component.arguments());
    return start(
        component.name(),
        executable,
        command,
        folder,
        builder ->
            builder
                .redirectErrorStream(true)
                .redirectOutput(logOf(component.name(), folder).toFile()));
  }

  /** Whoever has to know of the process does: it may begin. */
  void go() {
    try (Writer word = process.outputWriter(StandardCharsets.US_ASCII)) {
      word.write("go\n");
    } catch (IOException e) {
      // It has ended, which whoever waits for it sees.
    }
  }

  /**
   * Starts a process that is talked to by its input and output; its errors go to its log. It ends
   * at the end of its input.
   *
   * @param executable what it is once it has become {@code command}
   */
  static RunningComponent startToTalk(
      String name, Path executable, List<String> command, RunFolder folder) {
    return start(
        name,
        executable,
        command,
        folder,
        builder -> builder.redirectError(logOf(name, folder).toFile()));
  }

  private static Path logOf(String name, RunFolder folder) {
    return folder.logs().resolve(name + ".log");
  }

  private static RunningComponent start(
      String name,
      Path executable,
      List<String> command,
      RunFolder folder,
      UnaryOperator<ProcessBuilder> redirect) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(OwnSession.wrap(command)).directory(folder.path().toFile());
      // Go takes it for anything but loopback, and nobody out there knows our bridge.
      builder.environment().keySet().removeIf(key -> PROXIES.contains(key.toUpperCase(ROOT)));
      Process process = redirect.apply(builder).start();
      ProcessIdentity identity =
          ProcessIdentity.of(
              name,
              process.toHandle(),
              executable.toRealPath().toString(),
              folder.path().toString());
      return new RunningComponent(process, identity, logOf(name, folder));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + executable, e);
    }
  }

  String name() {
    return identity.name();
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
    return "%s %s. The end of its log:%n%s".formatted(name(), what, LogTail.of(log, LINES_SHOWN));
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
