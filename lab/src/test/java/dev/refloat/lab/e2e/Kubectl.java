package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.controlplane.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a person at a terminal does, and what they see. */
record Kubectl(Path program, Path kubeconfig, List<String> always) {

  /**
   * @param exitCode 0 if it worked
   * @param output what a terminal shows: standard output and error
   */
  record Outcome(int exitCode, String output) {}

  static Kubectl in(ControlPlane controlPlane, String namespace) {
    return new Kubectl(
        controlPlane.kubectl(), controlPlane.adminKubeconfig(), List.of("-n", namespace));
  }

  /** The same for a person who names the namespace each time, or has several. */
  static Kubectl on(ControlPlane controlPlane) {
    return new Kubectl(controlPlane.kubectl(), controlPlane.adminKubeconfig(), List.of());
  }

  /** Runs {@code kubectl} with these arguments. */
  Outcome run(String... arguments) {
    return apply("", arguments);
  }

  /** Returns what {@code kubectl} with these arguments shows; it must work. */
  String says(String... arguments) {
    Outcome outcome = run(arguments);
    assertThat(outcome.exitCode())
        .as("kubectl %s: %s", String.join(" ", arguments), outcome.output())
        .isZero();
    return outcome.output();
  }

  /** The same for a command as a person types it, which begins with {@code kubectl}. */
  String saysTo(String command) {
    String[] words = command.split(" ", -1);
    assertThat(words[0]).as(command).isEqualTo("kubectl");
    return says(Arrays.copyOfRange(words, 1, words.length));
  }

  /** Runs {@code kubectl} with these arguments and this text on its standard input. */
  Outcome apply(String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(always);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    try {
      Process process = builder.start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), output.strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }
}
