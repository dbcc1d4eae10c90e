package dev.refloat.lab.realnode;

import dev.refloat.lab.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

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
    return Resources.beside(Shell.class, name);
  }

  /** Returns {@code value} as one word of a shell, whatever is in it. */
  static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
