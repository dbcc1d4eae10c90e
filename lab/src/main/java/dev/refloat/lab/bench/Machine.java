package dev.refloat.lab.bench;

import dev.refloat.lab.process.RefloatProgram;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * Where and of what the figures are.
 *
 * @param load the load averages when the measuring began: how much others disturbed
 */
record Machine(
    Instant when,
    int cores,
    double memoryGigabytes,
    String load,
    String kubernetes,
    String jdk,
    String commit) {

  private static final double KILOBYTES_PER_GIGABYTE = 1024 * 1024;

  static Machine here(KubernetesClient client) {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        read(Path.of("/proc/loadavg")).split(" ", -1)[0],
        client.getKubernetesVersion().getGitVersion(),
        Runtime.version().toString(),
        commit(RefloatProgram.root()));
  }

  private static double memory() {
    return read(Path.of("/proc/meminfo"))
            .lines()
            .filter(line -> line.startsWith("MemTotal:"))
            .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
            .sum()
        / KILOBYTES_PER_GIGABYTE;
  }

  private static String commit(Path repository) {
    String commit = git(repository, "rev-parse", "--short", "HEAD");
    String changes = git(repository, "status", "--porcelain", "--untracked-files=no");
    return commit.isEmpty() ? "unknown" : commit + (changes.isEmpty() ? "" : " with changes");
  }

  /** Returns nothing where there is no git, or no repository. */
  private static String git(Path repository, String... arguments) {
    try {
      Process git =
          new ProcessBuilder(
                  Stream.concat(Stream.of("git", "-C", repository.toString()), Stream.of(arguments))
                      .toList())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? said.strip() : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
