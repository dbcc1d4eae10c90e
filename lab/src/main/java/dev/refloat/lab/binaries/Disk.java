package dev.refloat.lab.binaries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How much room there is, in words. */
final class Disk {

  /** All programs together, measured; a little more. */
  static final long PROGRAMS = 900L << 20;

  /**
   * What Go's module cache and build cache grow by when they were empty, measured; a little more.
   */
  static final long GO_CACHES = 6L << 30;

  private Disk() {}

  /** Returns how much {@code folder}, which may not exist yet, can take. */
  static long free(Path folder) throws IOException {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    return Files.getFileStore(existing).getUsableSpace();
  }

  /** Returns a line such as {@code /folder: 1.2 GB free}. */
  static String line(Path folder) {
    try {
      return "%s: %s free".formatted(folder, words(free(folder)));
    } catch (IOException e) {
      return "%s: %s".formatted(folder, e.getMessage());
    }
  }

  static String words(long bytes) {
    return bytes >= 1L << 30
        ? String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30))
        : String.format(Locale.ROOT, "%d MB", bytes >> 20);
  }
}
