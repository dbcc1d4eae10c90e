package dev.refloat.release;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Folders that something is put together in. */
public final class Trees {

  private Trees() {}

  /** Makes {@code folder} anew, with nothing in it. */
  public static Path fresh(Path folder) {
    remove(folder);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + folder, e);
    }
  }

  /** Removes {@code folder} and all that is in it, if it is there. */
  public static void remove(Path folder) {
    if (Files.exists(folder)) {
      all(folder).reversed().forEach(Trees::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    }
  }

  /** Returns {@code folder} and all that is in it, each folder before what is in it, in order. */
  public static List<Path> all(Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  /** Copies a file, and makes the folders above it. A link is followed. */
  public static void copy(Path from, Path to) {
    try {
      makeFolderOf(to);
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy %s to %s".formatted(from, to), e);
    }
  }

  /** Returns what is in a file. */
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** Writes a file, and makes the folders above it. */
  public static void write(Path to, String content) {
    try {
      makeFolderOf(to);
      Files.writeString(to, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + to, e);
    }
  }

  private static void makeFolderOf(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
  }

  /** Sets when all of {@code folder} was modified. */
  public static void date(Path folder, Instant modified) {
    for (Path path : all(folder)) {
      try {
        Files.setLastModifiedTime(path, FileTime.from(modified));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot date " + path, e);
      }
    }
  }
}
