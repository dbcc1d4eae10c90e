package dev.refloat.lab.controlplane;

import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.realnode.RunIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The folder of one control plane, held by a file lock for as long as its launcher lives. The
 * kernel gives the lock back however the launcher ends, so a folder whose lock can be had was left
 * behind.
 */
final class RunFolder implements AutoCloseable {

  private static final String PREFIX = "run-";
  private static final String LOCK = "lock";

  /**
   * Those of this JVM. Whoever opens the lock of such a folder and closes it again gives it away
   * for all of this process, as {@link java.nio.channels.FileLock} warns.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel lock;

  private RunFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /** Makes a new folder in {@code runs}, and holds it. */
  static RunFolder create(Path runs) {
    PrivateFiles.folder(runs);
    String name = PREFIX + UUID.randomUUID().toString().substring(0, 8);
    // Locked under a name that is not looked at, so that nobody takes it for left behind before it
    // is held.
    Path hidden = PrivateFiles.folder(runs.resolve("." + name));
    PrivateFiles.write(hidden.resolve(LOCK), "");
    RunFolder held =
        tryHold(hidden)
            .orElseThrow(() -> new IllegalStateException("somebody else holds " + hidden));
    try {
      return new RunFolder(Files.move(hidden, runs.resolve(name)), held.lock);
    } catch (IOException e) {
      held.close();
      throw new UncheckedIOException("cannot make " + runs.resolve(name), e);
    }
  }

  /**
   * Holds an existing folder; empty if its launcher lives, if it is gone or going, or not ours to
   * hold.
   */
  static Optional<RunFolder> tryHold(Path folder) {
    Path lock = folder.resolve(LOCK);
    if (!HELD.add(visible(folder))) {
      return Optional.empty(); // another control plane of this same JVM
    }
    Optional<RunFolder> held = Optional.empty();
    try {
      // Never made here: the one that removes the folder would find it in its way.
      FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
      // The one that held it may have removed it since it was opened.
      if (channel.tryLock() != null && Files.exists(lock)) {
        held = Optional.of(new RunFolder(folder, channel));
      } else {
        channel.close();
      }
      return held;
    } catch (NoSuchFileException | AccessDeniedException e) {
      return Optional.empty(); // gone, or another user's
    } catch (IOException e) {
      throw new UncheckedIOException("cannot lock " + folder, e);
    } finally {
      if (held.isEmpty()) {
        HELD.remove(visible(folder));
      }
    }
  }

  /** The same while it is hidden and after that. */
  private static Path visible(Path folder) {
    return folder
        .toAbsolutePath()
        .resolveSibling(folder.getFileName().toString().replaceFirst("^\\.", ""));
  }

  Path path() {
    return path;
  }

  /** Returns what the run is known by; empty if the folder is none that {@link #create} made. */
  Optional<RunIdentity> identity() {
    String name = path.getFileName().toString();
    return name.startsWith(PREFIX)
        ? RunIdentity.of(name.substring(PREFIX.length()))
        : Optional.empty();
  }

  Path logs() {
    return path.resolve("logs");
  }

  /** Gives the folder back without removing it. */
  @Override
  public void close() {
    try {
      lock.close();
      HELD.remove(visible(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unlock " + path, e);
    }
  }

  /**
   * Removes the folder, and gives it back. Its lock goes last: for as long as there is anything
   * else in it nobody takes it for left behind, unless this launcher ends in the middle.
   */
  void remove() {
    try (Stream<Path> entries = Files.list(path)) {
      entries.filter(entry -> !entry.endsWith(LOCK)).toList().forEach(PrivateFiles::remove);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + path, e);
    }
    PrivateFiles.remove(path);
    close();
  }
}
