package dev.refloat.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The end of a log, however long the log is. */
public final class LogTail {

  private static final int BYTES = 16 * 1024;

  private LogTail() {}

  /** Returns the last {@code lines} lines of {@code file}, indented, for the end of a message. */
  public static String of(Path file, int lines) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, log.length() - BYTES);
      log.seek(from);
      byte[] bytes = new byte[(int) (log.length() - from)];
      log.readFully(bytes);
      List<String> all = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      if (all.isEmpty()) {
        return "  (the log is empty)";
      }
      return String.join(
          "\n",
          all.subList(Math.max(0, all.size() - lines), all.size()).stream()
              .map(line -> "  " + line)
              .toList());
    } catch (IOException e) {
      return "  (cannot be read: " + e.getMessage() + ")";
    }
  }
}
