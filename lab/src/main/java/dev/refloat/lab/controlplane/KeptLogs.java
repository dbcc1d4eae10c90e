package dev.refloat.lab.controlplane;

import dev.refloat.lab.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The logs that outlive their control plane.
 *
 * @param path the folder with one folder for each control plane
 */
record KeptLogs(Path path) {

  /** Older ones are removed, so that a machine that fails every night does not fill up. */
  private static final int KEPT = 10;

  /** Returns where the logs of {@code run} go if they are kept. */
  Path folderOf(RunFolder run) {
    return path.resolve(run.path().getFileName());
  }

  /** Moves the logs of {@code run} here. */
  void keep(RunFolder run) {
    PrivateFiles.folder(path);
    try {
      Files.move(run.logs(), folderOf(run));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep " + run.logs(), e);
    }
    newestFirst().stream().skip(KEPT).forEach(PrivateFiles::remove);
  }

  private List<Path> newestFirst() {
    try (Stream<Path> folders = Files.list(path)) {
      return folders.sorted(Comparator.comparing(KeptLogs::changed).reversed()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + path, e);
    }
  }

  private static FileTime changed(Path folder) {
    try {
      return Files.getLastModifiedTime(folder);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // removed by somebody else meanwhile
    }
  }
}
