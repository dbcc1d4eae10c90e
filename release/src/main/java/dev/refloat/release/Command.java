package dev.refloat.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs programs of this machine. */
public final class Command {

  private static final int LINES_SHOWN = 15;

  private Command() {}

  /**
   * Returns what {@code command} has said, once it has ended well.
   *
   * @throws ReleaseFailed with what it said, if it did not
   */
  public static String run(List<String> command) {
    return run(command, Optional.empty());
  }

  /** The same in another folder than this one. */
  public static String run(List<String> command, Optional<Path> folder) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    folder.ifPresent(path -> builder.directory(path.toFile()));
    // Whatever a person has set for their own runs of Java or apt is not for this one.
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new ReleaseFailed(
            "%s ended with %d: %s".formatted(String.join(" ", command), status, end(said)));
      }
      return said;
    } catch (IOException e) {
      throw cannotRun(command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReleaseFailed("interrupted", e);
    }
  }

  /**
   * Returns once {@code command} has ended well; a person sees what it says as it says it.
   *
   * @throws ReleaseFailed if it did not end well
   */
  public static void show(List<String> command) {
    try {
      int status =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (status != 0) {
        throw new ReleaseFailed(
            "%s ended with %d, see above".formatted(String.join(" ", command), status));
      }
    } catch (IOException e) {
      throw cannotRun(command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReleaseFailed("interrupted", e);
    }
  }

  private static ReleaseFailed cannotRun(List<String> command, IOException e) {
    return new ReleaseFailed(
        "%s cannot be run here: %s".formatted(command.getFirst(), e.getMessage()), e);
  }

  private static String end(String said) {
    List<String> lines = new ArrayList<>(said.strip().lines().toList());
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }
}
