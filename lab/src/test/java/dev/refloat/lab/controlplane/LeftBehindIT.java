package dev.refloat.lab.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.Machines;
import dev.refloat.lab.Progress;
import dev.refloat.lab.await.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a launcher with real nodes was doing when it was killed: a moment later there is no
 * process, mount, network device or control group of it, and the machine's settings are what they
 * were. Files are left to the next start.
 */
@Machines.Alone
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

  /** The identities of all runs that there were, as soon as their folder was seen. */
  private final Set<String> seen = new TreeSet<>();

  /** What was there before the test: other launchers' devices. */
  private final Set<Path> before = new HashSet<>();

  @BeforeEach
  void lookAround() {
    before.addAll(entries(Path.of("/sys/class/net")));
    Stream.of(Path.of("/opt/containerd")).filter(Files::exists).forEach(before::add);
  }

  @RepeatedTest(5)
  void nothing_is_left_of_a_launcher_that_was_killed() throws Exception {
    Map<String, String> settingsBefore = machineSettings();

    int moment = killAtSomeMoment(launcher());

    awaitNothingIsLeft("a launcher that was killed after %d ms".formatted(moment));
    assertThat(changes(settingsBefore, machineSettings())).isEmpty();
    new Orphans(runs(), Progress.silent()).end();
    assertThat(runFolders()).isEmpty();
  }

  @RepeatedTest(2)
  void what_nobody_could_remove_the_next_start_removes() throws Exception {
    Process launcher = launcher();
    awaitMachine(launcher);
    List<ProcessHandle> children = launcher.children().toList();

    // The shells that would clean up go first: the guardian, and the machines.
    children.stream().filter(LeftBehindIT::isShell).forEach(ProcessHandle::destroyForcibly);
    launcher.destroyForcibly().waitFor();
    new Orphans(runs(), Progress.silent()).end();

    awaitNothingIsLeft("a launcher that was killed after its shells");
    assertThat(runFolders()).isEmpty();
  }

  @Test
  void nothing_is_left_of_a_launcher_that_is_asked_to_end() throws Exception {
    Process launcher = launcher();
    awaitMachine(launcher);

    launcher.destroy();

    assertThat(launcher.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(runFolders()).isEmpty();
    awaitNothingIsLeft("a launcher that was asked to end");
  }

  /** However slow this machine is at the moment. */
  private static void awaitMachine(Process launcher) {
    Await.seconds(120)
        .unless(() -> launcher.isAlive() ? Optional.empty() : Optional.of("the launcher has ended"))
        .until("a node is there", () -> !machines(launcher).isEmpty());
  }

  private static List<ProcessHandle> machines(Process launcher) {
    return launcher
        .children()
        .filter(child -> read(Path.of("/proc/" + child.pid() + "/cmdline")).contains("machine.sh"))
        .toList();
  }

  private static boolean isShell(ProcessHandle process) {
    return process.info().command().orElse("").matches(".*/(ba|da)?sh");
  }

  private static int killAtSomeMoment(Process launcher) throws InterruptedException {
    int moment = ThreadLocalRandom.current().nextInt(LATEST_MILLIS);
    if (launcher.waitFor(moment, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the launcher ended by itself: " + launcher.exitValue());
    }
    launcher.destroyForcibly().waitFor();
    return moment;
  }

  private void awaitNothingIsLeft(String of) {
    var _ =
        AWAIT.until(
            "nothing is left of " + of,
            this::leftBehind,
            List::isEmpty,
            left -> String.join(", ", left));
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
    runFolders().forEach(run -> seen.add(run.getFileName().toString().replaceFirst(".*run-", "")));
    for (Path process : entries(Path.of("/proc"))) {
      if (process.getFileName().toString().matches("\\d+") && isOurs(process)) {
        left.add("process %s: %s".formatted(process, read(process.resolve("cmdline"))));
      }
    }
    for (Path link : entries(Path.of("/sys/class/net"))) {
      if (link.getFileName().toString().startsWith("rfl") && !before.contains(link)) {
        left.add("network device " + link.getFileName());
      }
    }
    for (String digits : seen) {
      for (Path hierarchy : entries(Path.of("/sys/fs/cgroup"))) {
        addIfThere(left, hierarchy.resolve("refloat-lab-" + digits));
      }
      addIfThere(left, Path.of("/sys/fs/cgroup/refloat-lab-" + digits));
    }
    addIfThere(left, Path.of("/opt/containerd"));
    return left;
  }

  private void addIfThere(List<String> left, Path path) {
    if (Files.exists(path) && !before.contains(path)) {
      left.add(path.toString());
    }
  }

  /** By its arguments, the folder of the run in its mounts, or the group of a container. */
  private boolean isOurs(Path process) {
    return Stream.of("cmdline", "mountinfo", "cgroup")
        .map(file -> read(process.resolve(file)))
        .anyMatch(
            text ->
                text.contains(cache.toString())
                    || seen.stream()
                        .anyMatch(
                            digits ->
                                text.contains("run-" + digits)
                                    || text.contains("refloat-lab-" + digits)));
  }

  /** A setting that was not there before came with a module of the kernel, for anybody. */
  private static Map<String, String> changes(
      Map<String, String> before, Map<String, String> after) {
    Map<String, String> changes = new TreeMap<>(before);
    changes.entrySet().removeIf(setting -> setting.getValue().equals(after.get(setting.getKey())));
    return changes;
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
