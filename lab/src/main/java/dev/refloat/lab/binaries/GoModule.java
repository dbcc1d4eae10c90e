package dev.refloat.lab.binaries;

import dev.refloat.lab.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One of the Go modules that name the versions of the programs. There is no Go code of ours in
 * them.
 *
 * @param name of the folder with {@code go.mod} and {@code go.sum}
 * @param programs what is built from it
 */
record GoModule(String name, List<Program> programs, String goMod, String goSum) {

  private static final Pattern GO_LINE = Pattern.compile("(?m)^go (\\d+\\.\\d+(?:\\.\\d+)?)$");

  /**
   * Returns the modules that {@code wanted} programs are built from, for that version of
   * Kubernetes. A module builds all its programs or none.
   *
   * @throws BinariesUnavailable if there is no module for one of them
   */
  static List<GoModule> thatBuild(Set<Program> wanted, KubernetesVersion kubernetes) {
    List<GoModule> modules =
        all(kubernetes).stream()
            .filter(module -> !Collections.disjoint(module.programs(), wanted))
            .toList();
    Set<Program> unknown = EnumSet.copyOf(wanted);
    modules.forEach(module -> unknown.removeAll(module.programs()));
    if (!unknown.isEmpty()) {
      throw new BinariesUnavailable(
          "there is no %s of Kubernetes %s here; real nodes are made of %s only"
              .formatted(
                  unknown.stream().map(Program::fileName).collect(Collectors.joining(", ")),
                  kubernetes,
                  KubernetesVersion.USUAL));
    }
    return modules;
  }

  /**
   * Returns all modules for that version of Kubernetes, the quickest to build first. What nodes
   * need is built from modules of its own, so that whoever has fake ones only never builds it.
   */
  static List<GoModule> all(KubernetesVersion kubernetes) {
    List<GoModule> modules = new ArrayList<>();
    modules.add(load("etcd", List.of(Program.ETCD)));
    modules.add(load("kwok", List.of(Program.KWOK)));
    modules.add(
        load(
            "kubernetes-" + kubernetes,
            List.of(
                Program.APISERVER,
                Program.CONTROLLER_MANAGER,
                Program.SCHEDULER,
                Program.KUBECTL)));
    if (kubernetes == KubernetesVersion.USUAL) {
      modules.add(load("node-" + kubernetes, List.of(Program.KUBELET, Program.KUBE_PROXY)));
    }
    modules.add(load("helm", List.of(Program.HELM)));
    modules.add(load("nats-server", List.of(Program.NATS_SERVER)));
    modules.add(load("prometheus", List.of(Program.PROMETHEUS, Program.PROMTOOL)));
    modules.add(load("coredns", List.of(Program.COREDNS)));
    return List.copyOf(modules);
  }

  /** Returns the module in that folder of the lab. */
  static GoModule load(String name, List<Program> programs) {
    return new GoModule(
        name,
        programs,
        Resources.beside(GoModule.class, name + "/go.mod"),
        Resources.beside(GoModule.class, name + "/go.sum"));
  }

  /** Makes {@code folder} the module, so that Go can work in it. */
  void writeTo(Path folder) throws IOException {
    Files.writeString(folder.resolve("go.mod"), goMod);
    Files.writeString(folder.resolve("go.sum"), goSum);
  }

  /**
   * Returns what this build is known by: it changes with every version of anything that goes into
   * it.
   */
  String key() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(goMod.getBytes(StandardCharsets.UTF_8));
      digest.update(goSum.getBytes(StandardCharsets.UTF_8));
      digest.update(String.join(",", tags()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Returns the Go that the module asks for. */
  GoVersion needs() {
    Matcher line = GO_LINE.matcher(goMod);
    if (!line.find()) {
      throw new IllegalStateException(name + "/go.mod has no go line");
    }
    return GoVersion.parse(line.group(1)).orElseThrow();
  }

  /** Returns the version, as {@code v1.2.3}, at which the module requires {@code dependency}. */
  Optional<String> versionOf(String dependency) {
    Matcher line =
        Pattern.compile("(?m)^\\s*(?:require )?" + Pattern.quote(dependency) + " (v\\S+)")
            .matcher(goMod);
    return line.find() ? Optional.of(line.group(1)) : Optional.empty();
  }

  /**
   * Returns what is left out, by build tags: of Prometheus what looks for targets in clouds, which
   * is half of it.
   *
   * @see <a
   *     href="https://github.com/prometheus/prometheus/blob/v3.13.5/plugins/plugin_aws.go">plugins
   *     of Prometheus</a>
   */
  List<String> tags() {
    return versionOf("github.com/prometheus/prometheus").isPresent()
        ? List.of("remove_all_sd")
        : List.of();
  }

  /**
   * Returns what the linker is told: no debug information, and the version that the program says it
   * has.
   */
  String linkerFlags() {
    StringBuilder flags = new StringBuilder("-s -w");
    versionOf("k8s.io/kubernetes")
        .ifPresent(
            version -> {
              String[] numbers = version.substring(1).split("\\.", -1);
              String target = " -X k8s.io/component-base/version.";
              flags.append(target).append("gitVersion=").append(version);
              flags.append(target).append("gitMajor=").append(numbers[0]);
              flags.append(target).append("gitMinor=").append(numbers[1]);
            });
    versionOf("sigs.k8s.io/kwok")
        .ifPresent(
            version -> flags.append(" -X sigs.k8s.io/kwok/pkg/consts.Version=").append(version));
    return flags.toString();
  }
}
