package dev.refloat.lab.binaries;

import dev.refloat.lab.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one build at a time into the cache. The kernel takes the lock back from a builder that dies.
 */
final class BuildLock implements AutoCloseable {

  private static final long POLL_MILLIS = 250;
  private static final long SAY_AGAIN_POLLS = 40;

  private final FileChannel channel;

  private BuildLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Returns the lock of {@code folder} once nobody else has it; says so while it waits. */
  static BuildLock acquire(Path folder, Progress progress)
      throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    long polls = 0;
    while (tryLock(channel) == null) {
      if (polls % SAY_AGAIN_POLLS == 0) {
        progress.say("somebody else is building in " + folder + "; waiting for that to end");
      }
      polls++;
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    return new BuildLock(channel);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another thread of this JVM
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
