package dev.refloat.release.chart;

import dev.refloat.release.ReleaseFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** A chart as one file, as {@code helm package} makes it, and the same to the bit each time. */
public final class ChartPackage {

  private ChartPackage() {}

  /** Writes {@code chart} to {@code target}, and returns the file. */
  public static Path write(Chart chart, Path target) {
    Path file = target.resolve("%s-%s.tgz".formatted(chart.name(), chart.version()));
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new GzipCompressorOutputStream(Files.newOutputStream(file)))) {
      for (Map.Entry<String, String> each : chart.files().entrySet()) {
        byte[] content = each.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(chart.name() + "/" + each.getKey());
        entry.setSize(content.length);
        entry.setModTime(Instant.EPOCH.toEpochMilli());
        // Otherwise those of whoever makes it.
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
      return file;
    } catch (IOException e) {
      throw new ReleaseFailed("cannot write %s: %s".formatted(file, e), e);
    }
  }
}
