package dev.refloat.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a person can set about the lab, by environment variable.
 *
 * @param cache the folder that everything of the lab lives under: built programs, running control
 *     planes, kept logs
 * @param readyBinaries a folder that already holds the programs, so that nothing is built
 * @param existingCluster the kubeconfig of a cluster that is used instead of starting one
 * @param kubernetes the version of Kubernetes to build, as {@code 1.36.3}; empty = the usual one
 * @param realNodes whether real nodes must be there; empty = where they are possible, see {@link
 *     dev.refloat.lab.realnode.Requirements}
 * @param searchPath the folders in which programs of the machine are looked for, separated by
 *     colons
 */
public record LabSettings(
    Path cache,
    Optional<Path> readyBinaries,
    Optional<Path> existingCluster,
    Optional<String> kubernetes,
    Optional<String> realNodes,
    String searchPath) {

  /** Names a folder with ready programs. */
  public static final String BINARIES = "REFLOAT_LAB_BINARIES";

  /** Names the kubeconfig of an existing cluster. */
  public static final String KUBECONFIG = "REFLOAT_LAB_KUBECONFIG";

  /** Names the version of Kubernetes. */
  public static final String KUBERNETES = "REFLOAT_LAB_KUBERNETES";

  /** Says whether real nodes must be there: {@code required}, {@code off}, or nothing. */
  public static final String REAL_NODES = "REFLOAT_LAB_REAL_NODES";

  /** Returns the settings of this process. */
  public static LabSettings fromEnvironment() {
    return from(System.getenv());
  }

  /**
   * Returns the settings that {@code environment} asks for; variables that are absent or blank
   * count as not set.
   */
  public static LabSettings from(Map<String, String> environment) {
    Path cache =
        path(environment, "XDG_CACHE_HOME")
            .orElseGet(
                () ->
                    path(environment, "HOME")
                        .orElseGet(() -> Path.of(System.getProperty("user.home")))
                        .resolve(".cache"));
    return new LabSettings(
        cache.resolve("refloat"),
        path(environment, BINARIES),
        path(environment, KUBECONFIG),
        word(environment, KUBERNETES),
        word(environment, REAL_NODES),
        environment.getOrDefault("PATH", ""));
  }

  /** Returns the first executable called {@code program} on the search path. */
  public Optional<Path> find(String program) {
    return Stream.of(searchPath.split(":", -1))
        .filter(entry -> !entry.isEmpty())
        .map(entry -> Path.of(entry).resolve(program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Returns where built programs are kept, one folder for each version of each Go module. */
  public Path builds() {
    return cache.resolve("control-plane");
  }

  /** Returns where control planes live while they run. */
  public Path runs() {
    return cache.resolve("lab").resolve("runs");
  }

  /** Returns where the logs go that outlive their control plane. */
  public Path keptLogs() {
    return cache.resolve("lab").resolve("logs");
  }

  private static Optional<String> word(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  private static Optional<Path> path(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .filter(value -> !value.isBlank())
        .map(value -> Path.of(value).toAbsolutePath().normalize());
  }
}
