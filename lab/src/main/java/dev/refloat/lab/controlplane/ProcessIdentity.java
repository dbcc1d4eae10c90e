package dev.refloat.lab.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What proves that a process is the one that was started, although its number may have been given
 * to another one since.
 *
 * @param name what the process is called in messages
 * @param pid its number
 * @param startedAt when it started
 * @param command the executable that it was started as
 * @param mark a text among its arguments that no other process has: the folder of its run
 */
public record ProcessIdentity(
    String name, long pid, Instant startedAt, String command, String mark) {

  /**
   * How far two readings of one start may be apart. The kernel counts from boot, and the time of
   * the boot moves when the clock is set, so two JVMs can read the same process differently.
   */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  /** What can be seen of a running process; a piece that the system does not show is empty. */
  record Sighting(
      Optional<Instant> startedAt, Optional<String> command, Optional<List<String>> arguments) {

    static Sighting of(ProcessHandle process) {
      ProcessHandle.Info info = process.info();
      return new Sighting(
          info.startInstant(),
          info.command(),
          procArguments(process.pid()).or(() -> info.arguments().map(List::of)));
    }

    /**
     * Returns the arguments as Linux has them: the JDK shows none when they are longer than a page.
     */
    private static Optional<List<String>> procArguments(long pid) {
      try {
        String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
        return Optional.of(List.of(line.split("\0", -1)));
      } catch (IOException e) {
        return Optional.empty(); // another system, or the process has just ended
      }
    }
  }

  /** Returns the identity of a process that was just started. */
  static ProcessIdentity of(String name, ProcessHandle process, String command, String mark) {
    return new ProcessIdentity(
        name, process.pid(), process.info().startInstant().orElseGet(Instant::now), command, mark);
  }

  /**
   * Returns whether {@code seen} is this process. What cannot be seen proves nothing, so it is not
   * this process.
   */
  boolean matches(Sighting seen) {
    boolean sameStart =
        seen.startedAt()
            .map(start -> Duration.between(start, startedAt).abs().compareTo(CLOCK_TOLERANCE) <= 0)
            .orElse(false);
    boolean sameCommand = seen.command().map(command::equals).orElse(false);
    boolean marked =
        seen.arguments()
            .map(arguments -> arguments.stream().anyMatch(argument -> argument.contains(mark)))
            .orElse(false);
    return sameStart && sameCommand && marked;
  }

  /** Returns the process, if it is still the same one. */
  public Optional<ProcessHandle> alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> matches(Sighting.of(process)));
  }
}
