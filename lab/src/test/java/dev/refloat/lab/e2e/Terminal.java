package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a person at a terminal does, and what they see. */
final class Terminal {

  /**
   * @param exitCode 0 if it worked
   * @param output what a terminal shows: standard output and error
   */
  record Outcome(int exitCode, String output) {

    /** Returns what it shows; it must have worked. */
    String ofSuccess(String program, String... arguments) {
      assertThat(exitCode).as("%s %s: %s", program, String.join(" ", arguments), output).isZero();
      return output;
    }
  }

  private Terminal() {}

  /** Runs a command with more in its environment, and {@code input} on its standard input. */
  static Outcome run(List<String> command, Map<String, String> environment, String input) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
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
