package dev.refloat.release.cli;

import dev.refloat.release.image.ImageFailed;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the folder that all of Refloat is in. */
final class Checkout {

  private Checkout() {}

  /**
   * Returns the nearest folder above {@code here} that looks like it, or {@code here} itself.
   *
   * @throws ImageFailed if none does
   */
  static Path around(Path here) {
    Path from = here.toAbsolutePath().normalize();
    for (Path folder = from; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("manifests/base"))
          && Files.isDirectory(folder.resolve("release/src"))) {
        return folder;
      }
    }
    throw new ImageFailed(
        "%s is in no checkout of Refloat; call this in one, or name it: --checkout"
            .formatted(from));
  }
}
