package dev.refloat.release.deploy;

import dev.refloat.release.Command;
import dev.refloat.release.ReleaseFailed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a file with an image gets to where the nodes of a cluster find it.
 *
 * @param command with {@value #FILE} for the name of the file
 */
public record Loading(List<String> command) {

  private static final String FILE = "FILE";

  public Loading {
    command = List.copyOf(command);
  }

  /** Returns how it is done for a cluster of kind, k3d or minikube, which its context tells. */
  public static Optional<Loading> known(String context) {
    if (context.startsWith("kind-")) {
      return Optional.of(
          of("kind", "load", "image-archive", FILE, "--name", context.substring("kind-".length())));
    }
    if (context.startsWith("k3d-")) {
      return Optional.of(
          of("k3d", "image", "import", FILE, "--cluster", context.substring("k3d-".length())));
    }
    return context.equals("minikube")
        ? Optional.of(of("minikube", "image", "load", FILE))
        : Optional.empty();
  }

  /**
   * Reads a command as a person types it, without quotes.
   *
   * @throws ReleaseFailed if it does not say where the file goes
   */
  public static Loading parse(String text) {
    Loading loading = of(text.strip().split("\\s+", -1));
    if (loading.command().stream().noneMatch(word -> word.contains(FILE))) {
      throw new ReleaseFailed(
          "expected a command with %s for the file of an image, such as \"minikube image load %s\";"
                  .formatted(FILE, FILE)
              + " got \"%s\"".formatted(text));
    }
    return loading;
  }

  private static Loading of(String... words) {
    return new Loading(List.of(words));
  }

  /**
   * Returns once the nodes have it.
   *
   * @throws ReleaseFailed if that is not possible
   */
  public void load(Path image) {
    Command.show(command.stream().map(word -> word.replace(FILE, image.toString())).toList());
  }
}
