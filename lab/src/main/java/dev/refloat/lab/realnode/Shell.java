package dev.refloat.lab.realnode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs short commands of this machine, and reads the scripts beside this class. */
final class Shell {

  private Shell() {}

  /**
   * How a command has ended.
   *
   * @param said all it wrote, errors included
   */
  record Outcome(int status, String said) {

    boolean good() {
      return status == 0;
    }
  }

  /**
   * Returns how {@code command} has ended, once it has, whoever interrupts meanwhile. A missing
   * program ends with 127. Programs for administrators are found, too, which are not on everybody's
   * path.
   */
  static Outcome run(List<String> command) {
    List<String> found = new ArrayList<>(List.of("env"));
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    found.add("PATH=" + path + ":/usr/sbin:/sbin");
    found.addAll(command);
    try {
      Process process = new ProcessBuilder(found).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.onExit().join().exitValue(), said.strip());
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    }
  }

  /** Returns the text of a script. */
  static String script(String name) {
    try (@Nullable InputStream resource = Shell.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is not beside this class");
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  /** Returns {@code value} as one word of a shell, whatever is in it. */
  static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
