package dev.refloat.lab.bench;

import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a controller has said, read once it is silent: to read along would cost the machine what is
 * to be measured.
 */
record Lines(List<LogLine> lines) {

  private static final String COMPLETED = "Cleanup completed";

  static Lines of(RefloatProcess process) {
    return new Lines(process.log());
  }

  /** Returns how many recoveries the process says it has completed; cheap. */
  static long completed(RefloatProcess process) {
    try (Stream<String> lines = Files.lines(process.logFile())) {
      return lines.filter(line -> line.contains(COMPLETED)).count();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + process.logFile(), e);
    }
  }

  /**
   * When the process said that the pod waits for its grace period, oldest first: more than once if
   * the grace began anew.
   */
  List<Instant> graces(String namespace, String pod) {
    return lines.stream()
        .filter(line -> line.get("namespace").filter(namespace::equals).isPresent())
        .filter(line -> line.get("pod").filter(pod::equals).isPresent())
        .filter(line -> line.get("reason").filter("GracePeriod"::equals).isPresent())
        .flatMap(line -> line.get("time").stream())
        .map(Instant::parse)
        .toList();
  }
}
