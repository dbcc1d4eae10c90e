package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.drill.DrillCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * Those who run drills on the apps of a namespace.
 *
 * @param kubeconfig that they have
 */
record Operators(Path kubeconfig, String namespace) {

  Operators(ControlPlane controlPlane, String namespace) {
    this(controlPlane.adminKubeconfig(), namespace);
  }

  /** How a drill has ended, and what it said. */
  record Drill(int status, String output, String errors) {

    void assertPassed() {
      assertThat(status).as("%s%n%s", output, errors).isZero();
      assertThat(output).doesNotContain("FAIL");
    }
  }

  /** The same with a kubeconfig whose context has another name. */
  Operators inContext(String name) throws IOException {
    String text = Files.readString(kubeconfig);
    Path renamed = Path.of("target", "kubeconfig-" + name);
    Files.writeString(renamed, text.replace("refloat-lab", name));
    return new Operators(renamed.toAbsolutePath(), namespace);
  }

  Drill run(String... arguments) {
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine command = new CommandLine(new DrillCommand(LabSettings.fromEnvironment()));
    command.setOut(new PrintWriter(output, true));
    command.setErr(new PrintWriter(errors, true));
    int status = command.execute(all(arguments).toArray(String[]::new));
    return new Drill(status, output.toString(), errors.toString());
  }

  /** Runs it in a process of its own, which can be interrupted; what it says goes to a file. */
  Process start(Path said, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dlogback.configurationFile=dev/refloat/lab/logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.refloat.lab.cli.Lab",
                "drill"));
    command.addAll(all(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(said.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a drill", e);
    }
  }

  private List<String> all(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--namespace", namespace, "--kubeconfig", kubeconfig.toString()));
    return all;
  }
}
