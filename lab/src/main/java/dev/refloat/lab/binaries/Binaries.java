package dev.refloat.lab.binaries;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where each program of the control plane is. Complete: there is a path for every {@link Program}.
 */
public record Binaries(Map<Program, Path> paths) {

  public Binaries {
    paths = Map.copyOf(paths);
    for (Program program : Program.values()) {
      if (!paths.containsKey(program)) {
        throw new IllegalArgumentException("no path for " + program.fileName());
      }
    }
  }

  /** Returns the file of {@code program}. */
  public Path of(Program program) {
    Path path = paths.get(program);
    if (path == null) {
      throw new IllegalStateException("no path for " + program.fileName());
    }
    return path;
  }

  /**
   * Returns the programs in a folder that somebody else filled.
   *
   * @throws BinariesUnavailable if one is missing or cannot be executed; the message names all of
   *     them
   */
  public static Binaries in(Path folder) {
    Map<Program, Path> found = new EnumMap<>(Program.class);
    List<String> missing = new ArrayList<>();
    for (Program program : Program.values()) {
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
