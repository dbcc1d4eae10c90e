package dev.refloat.lab.realnode;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.binaries.Binaries;
import dev.refloat.lab.binaries.BinariesUnavailable;
import dev.refloat.lab.binaries.KubernetesVersion;
import dev.refloat.lab.binaries.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What this machine must have before real nodes can run on it. */
public final class Requirements {

  /** Programs, each with the Debian package that brings it. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "containerd", "containerd",
          "ctr", "containerd",
          "runc", "runc",
          "iptables", "iptables",
          "ip", "iproute2",
          "busybox", "busybox-static",
          "bash", "bash",
          "unshare", "util-linux",
          "nsenter", "util-linux",
          "setpriv", "util-linux");

  private static final List<Path> CNI_FOLDERS =
      List.of(Path.of("/usr/lib/cni"), Path.of("/opt/cni/bin"));
  private static final List<String> CNI_PLUGINS = List.of("bridge", "host-local", "loopback");
  private static final List<String> MORE_FOLDERS = List.of("/usr/sbin", "/sbin");

  private static final String REQUIRED = "required";
  private static final String OFF = "off";

  private final LabSettings settings;

  private final Set<Program> images;

  private Requirements(LabSettings settings, Set<Program> images) {
    this.settings = settings;
    this.images = images;
  }

  /**
   * Returns why real nodes cannot run here, in one line that says what helps; empty if they can.
   */
  public static Optional<String> obstacle(LabSettings settings) {
    return obstacle(settings, Set.of());
  }

  /**
   * The same for real nodes with images of these programs.
   *
   * @see RealNodes#image
   */
  public static Optional<String> obstacle(LabSettings settings, Set<Program> images) {
    return new Requirements(settings, images).obstacle();
  }

  /** Returns whether somebody wants to hear of an obstacle as of a mistake. */
  public static boolean areRequired(LabSettings settings) {
    return settings.realNodes().filter(REQUIRED::equals).isPresent();
  }

  private Optional<String> obstacle() {
    return Stream.<Supplier<Optional<String>>>of(
            this::unwanted,
            this::anotherSystem,
            this::anotherVersion,
            this::notRoot,
            this::missingPrograms,
            this::busyboxThatNeedsLibraries,
            this::missingReadyPrograms,
            Requirements::noNamespaces,
            Requirements::noControlGroups,
            Requirements::noBridge,
            Requirements::addressesInUse)
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> unwanted() {
    return settings
        .realNodes()
        .filter(word -> !word.equals(REQUIRED))
        .map(
            word ->
                word.equals(OFF)
                    ? "%s is off".formatted(LabSettings.REAL_NODES)
                    : "%s is \"%s\"; expected %s, %s, or nothing for where they are possible"
                        .formatted(LabSettings.REAL_NODES, word, REQUIRED, OFF));
  }

  private Optional<String> anotherSystem() {
    String system = System.getProperty("os.name");
    return system.equals("Linux")
        ? Optional.empty()
        : Optional.of("real nodes need Linux; this is " + system);
  }

  private Optional<String> anotherVersion() {
    return settings
        .kubernetes()
        .filter(version -> !version.equals(KubernetesVersion.USUAL.toString()))
        .map(
            version ->
                "real nodes are made of Kubernetes %s only; %s is %s"
                    .formatted(KubernetesVersion.USUAL, LabSettings.KUBERNETES, version));
  }

  private Optional<String> notRoot() {
    try {
      Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      return user.equals(0)
          ? Optional.empty()
          : Optional.of(
              "real nodes need root: run the same command in a shell of root's (`sudo -i`), in a"
                  + " checkout of root's");
    } catch (IOException e) {
      return Optional.of("real nodes need root, and /proc does not say who this is: " + e);
    }
  }

  private Optional<String> missingPrograms() {
    Set<String> missing = new TreeSet<>();
    Set<String> packages = new TreeSet<>();
    PACKAGES.forEach(
        (program, itsPackage) -> {
          if (find(program).isEmpty()) {
            missing.add(program);
            packages.add(itsPackage);
          }
        });
    if (cniFolder().isEmpty()) {
      missing.add("CNI plugins in " + CNI_FOLDERS.getFirst());
      packages.add("containernetworking-plugins");
    }
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "real nodes need %s: apt-get install --no-install-recommends %s"
                .formatted(String.join(", ", missing), String.join(" ", packages)));
  }

  /** Returns the file of a program of this machine. */
  private Optional<Path> find(String program) {
    return settings
        .find(program)
        .or(
            () ->
                MORE_FOLDERS.stream()
                    .map(folder -> Path.of(folder, program))
                    .filter(Files::isExecutable)
                    .findFirst());
  }

  /** Returns the folder with the plugins that give pods their addresses. */
  private static Optional<Path> cniFolder() {
    return CNI_FOLDERS.stream()
        .filter(
            folder ->
                CNI_PLUGINS.stream().allMatch(plugin -> Files.isExecutable(folder.resolve(plugin))))
        .findFirst();
  }

  /** It is all that there is in an image, so it has to run where there is nothing else. */
  private Optional<String> busyboxThatNeedsLibraries() {
    Path busybox = find("busybox").orElseThrow();
    Path folder = PrivateFiles.temporaryFolder("refloat-busybox");
    try {
      Files.copy(busybox, folder.resolve("busybox"), StandardCopyOption.COPY_ATTRIBUTES);
      Shell.Outcome outcome = Shell.run(List.of("chroot", folder.toString(), "/busybox", "true"));
      return outcome.good()
          ? Optional.empty()
          : Optional.of(
              "real nodes need a static busybox, and %s does not run alone (%s): apt-get install"
                      .formatted(busybox, outcome.said())
                  + " busybox-static");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + busybox, e);
    } finally {
      PrivateFiles.remove(folder);
    }
  }

  private Optional<String> missingReadyPrograms() {
    return settings
        .readyBinaries()
        .flatMap(
            folder -> {
              try {
                var _ = Binaries.in(folder, Program.union(Program.OF_REAL_NODES, images));
                return Optional.empty();
              } catch (BinariesUnavailable e) {
                return Optional.of("real nodes need programs of their own: " + e.getMessage());
              }
            });
  }

  private static Optional<String> noNamespaces() {
    Shell.Outcome outcome =
        Shell.run(
            List.of(
                "unshare",
                "--pid",
                "--mount",
                "--net",
                "--uts",
                "--ipc",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "true"));
    return outcome.good()
        ? Optional.empty()
        : Optional.of(
            "real nodes need namespaces, which this user may not make here (in a container: run it"
                + " with --privileged): "
                + outcome.said());
  }

  /**
   * In a container with control groups of version 2 the group that we are in holds processes, and
   * such a one can give nothing away (<a
   * href="https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint">cgroup
   * v2</a>).
   */
  private static Optional<String> noControlGroups() {
    Shell.Outcome outcome =
        Shell.run(List.of("bash", "-c", Shell.script("trial.sh"), "bash", "refloat-lab-trial"));
    return outcome.good()
        ? Optional.empty()
        : Optional.of(
            "real nodes need control groups of their own, which cannot be made here: "
                + String.join("; ", outcome.said().lines().toList()));
  }

  private static Optional<String> noBridge() {
    String bridge = "rfl-trial-" + ProcessHandle.current().pid() % 10000;
    Shell.Outcome outcome = Shell.run(List.of("ip", "link", "add", bridge, "type", "bridge"));
    var _ = Shell.run(List.of("ip", "link", "del", bridge));
    return outcome.good()
        ? Optional.empty()
        : Optional.of(
            "real nodes need a network bridge, which cannot be made here: " + outcome.said());
  }

  private static Optional<String> addressesInUse() {
    return Shell.run(List.of("ip", "-4", "route", "show", "root", Network.ALL_ADDRESSES))
        .said()
        .lines()
        .filter(route -> !route.startsWith("default") && !route.contains(" dev rfl"))
        .findFirst()
        .map(
            route ->
                "real nodes need the addresses %s, and this machine has a route there: %s"
                    .formatted(Network.ALL_ADDRESSES, route));
  }

  /** What was found, where nothing is in the way. */
  record Found(Path busybox, Path cniPlugins) {}

  /**
   * Returns what was found. Nothing is tried out: whoever starts nodes has asked {@link #obstacle}.
   *
   * @throws RealNodeFailed if something is missing
   */
  static Found found(LabSettings settings) {
    Requirements requirements = new Requirements(settings, Set.of());
    requirements
        .missingPrograms()
        .ifPresent(
            obstacle -> {
              throw new RealNodeFailed(obstacle);
            });
    return new Found(requirements.find("busybox").orElseThrow(), cniFolder().orElseThrow());
  }
}
