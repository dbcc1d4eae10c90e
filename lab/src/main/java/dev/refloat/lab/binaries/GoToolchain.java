package dev.refloat.lab.binaries;

import dev.refloat.lab.LabSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The {@code go} command of this machine. */
record GoToolchain(Path go) {

  /**
   * Returns a Go that can build {@code module}, whose files are in {@code folder}.
   *
   * @throws BinariesUnavailable if there is none; the message says what to do
   */
  static GoToolchain forModule(GoModule module, Path folder, LabSettings settings) {
    GoToolchain found =
        settings
            .find("go")
            .map(GoToolchain::new)
            .orElseThrow(() -> unavailable(module.needs(), "there is no go on the PATH"));
    // In the module's folder, so that a Go that fetches newer ones by itself has done so.
    String said = found.says(folder, "env", "GOVERSION");
    boolean good =
        said.lines()
            .reduce((first, last) -> last)
            .flatMap(GoVersion::parse)
            .map(version -> version.covers(module.needs()))
            .orElse(false);
    if (!good) {
      throw unavailable(module.needs(), "%s says \"%s\"".formatted(found.go, said.strip()));
    }
    return found;
  }

  static BinariesUnavailable unavailable(GoVersion needed, String why) {
    return new BinariesUnavailable(
        """
        The lab builds its control plane once, and that needs Go %s or newer; %s.
        Install it, or choose another way:
          %s=/folder
              a folder with ready etcd, kube-apiserver, kube-controller-manager, kube-scheduler,
              kubectl and kwok
          %s=/file
              the kubeconfig of an existing cluster that is used instead"""
            .formatted(needed, why, LabSettings.BINARIES, LabSettings.KUBECONFIG));
  }

  /** Returns what go answers, errors included. */
  String says(Path folder, String... arguments) {
    try {
      Process process =
          new ProcessBuilder(Stream.concat(Stream.of(go.toString()), Stream.of(arguments)).toList())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output;
    } catch (IOException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /**
   * Returns the process that builds {@code program} into {@code target}; it writes what it has to
   * say to {@code output}.
   */
  Process build(GoModule module, Program program, Path folder, Path target, Path output)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    go.toString(),
                    "build",
                    "-trimpath",
                    "-buildvcs=false",
                    "-tags",
                    String.join(",", module.tags()),
                    "-ldflags",
                    module.linkerFlags(),
                    "-o",
                    target.toString(),
                    program.goPackage()))
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().put("CGO_ENABLED", "0"); // the C compiler of the machine has no say
    builder.environment().put("GOWORK", "off");
    return builder.start();
  }
}
