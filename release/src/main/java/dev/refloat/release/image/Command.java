package dev.refloat.release.image;

import dev.refloat.release.ReleaseFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs programs of this machine. */
final class Command {

  private static final int LINES_SHOWN = 15;

  private Command() {}

  /**
   * Returns what {@code command} has said, once it has ended well.
   *
   * @throws ReleaseFailed with what it said, if it did not
   */
  static String run(List<String> command) {
    return run(command, Optional.empty());
  }

  static String run(List<String> command, Optional<Path> folder) {
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
      throw new ReleaseFailed(
          "%s cannot be run here: %s".formatted(command.getFirst(), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReleaseFailed("interrupted", e);
    }
  }

  private static String end(String said) {
    List<String> lines = new ArrayList<>(said.strip().lines().toList());
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
  }
}
