package dev.refloat.release.chart;

import dev.refloat.release.Checkout;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All of {@code manifests/default} in one file, for whoever has {@code kubectl} alone. */
public final class InstallFile {

  private static final Set<String> FILES = Set.of("resources", "components");

  private InstallFile() {}

  /**
   * Returns its text.
   *
   * @param registry put before the names of images, with a slash at its end, or empty
   * @throws ReleaseFailed if kustomize would do more than put files together
   */
  public static String text(Checkout checkout, String registry) {
    List<String> texts = new ArrayList<>();
    texts.add(
        "# Refloat %s, all of it: kubectl apply -f install.yaml%n".formatted(checkout.version()));
    for (Path file : files(checkout.folder().resolve("manifests/default"))) {
      texts.add(
          Trees.read(file).replace("image: refloat-", "image: %srefloat-".formatted(registry)));
    }
    return String.join("---\n", texts);
  }

  private static List<Path> files(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path.normalize());
    }
    Path kustomization = path.resolve("kustomization.yaml");
    List<Path> files = new ArrayList<>();
    if (!(Yaml.load(kustomization, Trees.read(kustomization)) instanceof Map<?, ?> map)) {
      throw new ReleaseFailed(kustomization + " is no mapping");
    }
    for (Map.Entry<?, ?> each : map.entrySet()) {
      if (each.getValue() instanceof List<?> parts && FILES.contains(each.getKey().toString())) {
        parts.forEach(part -> files.addAll(files(path.resolve(part.toString()))));
      } else if (!Set.of("apiVersion", "kind").contains(each.getKey().toString())) {
        throw new ReleaseFailed(
            "%s has %s, which install.yaml would lack: it is made of files only"
                .formatted(kustomization, each.getKey()));
      }
    }
    return files;
  }
}
