package dev.refloat.lab.drill;

import dev.refloat.lab.world.CommandFailed;
import dev.refloat.lab.world.PodShell;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Files that a drill writes into an app's volume, and looks for later. They need a shell, {@code
 * dd} and {@code sha256sum} in the container.
 *
 * @param folder in the container; no other run has it
 */
record DataFiles(String folder) {

  private static final List<String> SIZES = List.of("1", "64", "1024"); // KiB

  static DataFiles in(String dataFolder) {
    return new DataFiles(
        dataFolder + "/.refloat-drill-" + UUID.randomUUID().toString().substring(0, 8));
  }

  /** Writes the files; returns their checksums as {@code sha256sum} prints them. */
  String write(PodShell shell) {
    StringBuilder script = new StringBuilder("set -e; mkdir -p " + folder + "; cd " + folder);
    for (String size : SIZES) {
      script
          .append("; dd if=/dev/urandom of=file-")
          .append(size)
          .append("k bs=1024 count=")
          .append(size)
          .append(" 2>/dev/null");
    }
    shell.says("sh", "-c", script + "; sync; sha256sum file-*");
    return checksums(shell);
  }

  /** Returns the files' checksums, or why there are none. */
  String checksums(PodShell shell) {
    return shell.tries("sh", "-c", "cd " + folder + " && sha256sum file-*").said();
  }

  /** Returns what comes of writing, reading and removing one more file. */
  PodShell.Outcome writeOneMore(PodShell shell) {
    return shell.tries(
        "sh", "-c", "cd " + folder + " && echo afloat > more && sync && cat more && rm more");
  }

  /** Removes the files; returns why that was not possible. */
  Optional<String> remove(PodShell shell) {
    try {
      PodShell.Outcome outcome = shell.tries("rm", "-rf", folder);
      return outcome.status() == 0 ? Optional.empty() : Optional.of(outcome.said());
    } catch (CommandFailed | KubernetesClientException e) {
      return Optional.of(String.valueOf(e.getMessage())); // no container now
    }
  }

  /** Returns what {@link #write} would do, as a step of a plan. */
  static String planned(App app) {
    return "write %d files with checksums into %s of %s"
        .formatted(count(), app.dataFolder().orElse("?"), app.podName());
  }

  static int count() {
    return SIZES.size();
  }
}
