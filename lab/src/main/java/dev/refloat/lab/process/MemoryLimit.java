package dev.refloat.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bound on the memory of processes, as a container has one: a control group of its own. Whoever
 * needs more is killed by the kernel. Beside what is the process's own it counts file pages, which
 * the kernel drops when it has to.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">cgroup v2</a>
 */
public final class MemoryLimit implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path group;
  private final String limitFile;
  private final String eventsFile;

  private MemoryLimit(Path group, String limitFile, String eventsFile) {
    this.group = group;
    this.limitFile = limitFile;
    this.eventsFile = eventsFile;
  }

  /**
   * Returns a limit that nobody is under yet; empty where this user may not make control groups.
   */
  public static Optional<MemoryLimit> of(String name, long bytes) {
    return Stream.of(
            new MemoryLimit(ROOT.resolve(name), "memory.max", "memory.events"),
            new MemoryLimit(
                ROOT.resolve("memory").resolve(name),
                "memory.limit_in_bytes",
                "memory.oom_control"))
        .filter(limit -> limit.make(bytes))
        .findFirst();
  }

  private boolean make(long bytes) {
    try {
      Files.createDirectory(group);
    } catch (IOException e) {
      return false;
    }
    try {
      // The kernel makes these files, where memory is controlled here at all.
      if (Files.isWritable(group.resolve(limitFile))) {
        write(limitFile, Long.toString(bytes));
        return true;
      }
    } catch (IOException e) {
      // Not ours to set, which is as good as not there.
    }
    close();
    return false;
  }

  /**
   * Returns the command that runs {@code command} under the limit. What a process has before it
   * gets there is never counted, so it has to be there before it begins.
   */
  List<String> around(List<String> command) {
    List<String> whole =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                group.resolve("cgroup.procs").toString()));
    whole.addAll(command);
    return whole;
  }

  /** Returns how many processes were killed for want of memory. */
  public long killed() {
    try {
      return Files.readAllLines(group.resolve(eventsFile)).stream()
          .filter(line -> line.startsWith("oom_kill "))
          .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length())))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + group.resolve(eventsFile), e);
    }
  }

  private void write(String file, String content) throws IOException {
    Files.writeString(group.resolve(file), content);
  }

  /** Nobody may be under it any more. */
  @Override
  public void close() {
    try {
      Files.delete(group);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + group, e);
    }
  }
}
