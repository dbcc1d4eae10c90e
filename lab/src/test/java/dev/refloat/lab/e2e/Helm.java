package dev.refloat.lab.e2e;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.process.RefloatProgram;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What a person does with {@code helm}, and what they see; it keeps its files to itself. */
record Helm(Path program, Path kubeconfig) {

  static Helm on(ControlPlane controlPlane) {
    Path program =
        BinariesBuild.binaries(
                LabSettings.fromEnvironment(), Progress.toStandardError(), Set.of(Program.HELM))
            .of(Program.HELM);
    return new Helm(program, controlPlane.adminKubeconfig());
  }

  /** Runs {@code helm} with these arguments. */
  Terminal.Outcome run(String... arguments) {
    Path home = RefloatProgram.root().resolve("lab/target/helm");
    return Terminal.run(
        Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList(),
        Map.of(
            "KUBECONFIG", kubeconfig.toString(),
            "HELM_CACHE_HOME", home.resolve("cache").toString(),
            "HELM_CONFIG_HOME", home.resolve("config").toString(),
            "HELM_DATA_HOME", home.resolve("data").toString()),
        "");
  }

  /** Returns what {@code helm} with these arguments shows; it must work. */
  String says(String... arguments) {
    return run(arguments).ofSuccess("helm", arguments);
  }
}
