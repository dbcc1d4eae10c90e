package dev.refloat.lab.binaries;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where each program is that was asked for. */
public record Binaries(Map<Program, Path> paths) {

  public Binaries {
    paths = Map.copyOf(paths);
  }

  /**
   * Returns the file of {@code program}.
   *
   * @throws IllegalStateException if nobody asked for it
   */
  public Path of(Program program) {
    Path path = paths.get(program);
    if (path == null) {
      throw new IllegalStateException(
          "no path for %s, only for %s".formatted(program.fileName(), paths.keySet()));
    }
    return path;
  }

  /**
   * Returns those of the {@code wanted} programs that are in a folder that somebody else filled.
   *
   * @throws BinariesUnavailable if one is missing or cannot be executed; the message names all of
   *     them
   */
  public static Binaries in(Path folder, Set<Program> wanted) {
    Map<Program, Path> found = new EnumMap<>(Program.class);
    List<String> missing = new ArrayList<>();
    for (Program program : EnumSet.copyOf(wanted)) {
      find(folder, program)
          .ifPresentOrElse(path -> found.put(program, path), () -> missing.add(program.fileName()));
    }
    if (!missing.isEmpty()) {
      throw new BinariesUnavailable(
          "%s is not a folder of ready programs: no executable %s there"
              .formatted(folder, String.join(", ", missing)));
    }
    return new Binaries(found);
  }

  static Optional<Path> find(Path folder, Program program) {
    return program.acceptedNames().stream()
        .map(folder::resolve)
        .filter(path -> Files.isRegularFile(path) && Files.isExecutable(path))
        .findFirst();
  }
}
