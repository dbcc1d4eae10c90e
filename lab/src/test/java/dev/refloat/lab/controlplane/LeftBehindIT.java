package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.Progress;
import dev.refloat.lab.RealNodesExtension;
import dev.refloat.lab.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a launcher with real nodes was doing when it was killed: a moment later there is no
 * process, mount, network device or control group of it, and the machine's settings are what they
 * were. Files are left to the next start.
 */
@ExtendWith(RealNodesExtension.class)
class LeftBehindIT {

  private static final Await AWAIT = Await.seconds(30);

  /** Until about 12 s it starts; what comes then is done again and again. */
  private static final int LATEST_MILLIS = 16_000;

  private static final List<String> SETTINGS =
      List.of(
          "vm",
          "kernel/panic",
          "kernel/panic_on_oops",
          "kernel/keys",
          "net/bridge",
          "net/ipv4/ip_forward",
          "net/ipv4/conf/all",
          "net/ipv4/conf/default",
          "net/netfilter");

  @TempDir private Path cache;

  @RepeatedTest(5)
  void nothing_is_left_of_a_launcher_that_was_killed() throws Exception {
    Map<String, String> settingsBefore = machineSettings();
    int moment = ThreadLocalRandom.current().nextInt(LATEST_MILLIS);
    Process launcher = launcher();

    if (launcher.waitFor(moment, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the launcher ended by itself: " + launcher.exitValue());
    }
    launcher.destroyForcibly().waitFor();

    AWAIT.until(
        "nothing is left of a launcher that was killed after %d ms".formatted(moment),
        this::leftBehind,
        List::isEmpty,
        left -> String.join(", ", left));
    assertThat(machineSettings()).isEqualTo(settingsBefore);
    new Orphans(runs(), Progress.silent()).end();
    assertThat(runFolders()).isEmpty();
  }

  private Process launcher() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dlogback.configurationFile=dev/refloat/lab/logback.xml",
            "-cp",
            System.getProperty("java.class.path"),
            RealNodesInChildJvm.class.getName(),
            cache.toString())
        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private Path runs() {
    return cache.resolve("refloat").resolve("lab").resolve("runs");
  }

  private List<Path> runFolders() {
    return Files.isDirectory(runs()) ? entries(runs()) : List.of();
  }

  /** Returns what there is of the launcher's, in words. */
  private List<String> leftBehind() {
    List<String> left = new ArrayList<>();
    for (Path process : entries(Path.of("/proc"))) {
      if (process.getFileName().toString().matches("\\d+") && isOurs(process)) {
        left.add("process %s: %s".formatted(process, read(process.resolve("cmdline"))));
      }
    }
    for (Path run : runFolders()) {
      String digits = run.getFileName().toString().replaceFirst(".*run-", "");
      for (Path link : entries(Path.of("/sys/class/net"))) {
        if (read(link.resolve("address")).strip().replace(":", "").endsWith(digits)) {
          left.add("network device " + link.getFileName());
        }
      }
      for (Path hierarchy : entries(Path.of("/sys/fs/cgroup"))) {
        Path group = hierarchy.resolve("refloat-lab-" + digits);
        if (Files.exists(group)) {
          left.add("control group " + group);
        }
      }
      if (Files.exists(Path.of("/sys/fs/cgroup/refloat-lab-" + digits))) {
        left.add("control group of " + digits);
      }
    }
    return left;
  }

  /**
   * A process of a node has mounts of the run's folder; that goes for ours, too, if any is left.
   */
  private boolean isOurs(Path process) {
    return Stream.of("cmdline", "mountinfo", "cgroup")
        .anyMatch(file -> read(process.resolve(file)).contains(cache.toString()));
  }

  private static Map<String, String> machineSettings() {
    Map<String, String> settings = new TreeMap<>();
    for (String name : SETTINGS) {
      Path path = Path.of("/proc/sys", name);
      if (Files.exists(path)) {
        try (Stream<Path> files = Files.walk(path)) {
          files
              .filter(Files::isRegularFile)
              .forEach(file -> settings.put(file.toString(), read(file)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    settings.keySet().removeIf(name -> name.endsWith("nf_conntrack_count"));
    return settings;
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what is in a file; empty if it is gone, or may not be read. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
