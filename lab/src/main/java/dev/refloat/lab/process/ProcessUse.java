package dev.refloat.lab.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process uses, as <a href="https://man7.org/linux/man-pages/man5/proc.5.html">/proc</a>
 * tells it.
 *
 * @param rssAnonMegabytes memory that is its own alone: without mapped files, which can be dropped
 * @param cpuSeconds in user and kernel mode, all threads, since its start
 */
public record ProcessUse(double rssAnonMegabytes, double cpuSeconds) {

  /** Linux shows clock ticks of USER_HZ to user space, which is 100 on all common machines. */
  private static final double TICKS_PER_SECOND = 100;

  private static final double KILOBYTES_PER_MEGABYTE = 1024;

  /** Where utime and stime are among the fields that follow the name, from zero. */
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  /** Returns what the process uses now. */
  public static ProcessUse of(long pid) {
    Path folder = Path.of("/proc", Long.toString(pid));
    try {
      return parse(
          Files.readAllLines(folder.resolve("status")), Files.readString(folder.resolve("stat")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  static ProcessUse parse(List<String> status, String stat) {
    double rssAnon =
        status.stream()
            .filter(line -> line.startsWith("RssAnon:"))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no RssAnon in " + status));
    // The name is in parentheses and may hold anything, so fields are counted from its end.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = Double.parseDouble(fields[USER_TIME]) + Double.parseDouble(fields[SYSTEM_TIME]);
    return new ProcessUse(rssAnon / KILOBYTES_PER_MEGABYTE, ticks / TICKS_PER_SECOND);
  }
}
