package dev.refloat.release.image;

import dev.refloat.release.Trees;
import dev.refloat.release.image.DebianPackages.Unpacked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The C library and what else Java is linked to, out of Debian's packages: the libraries by the
 * names that programs ask for, what loads them, and what a scanner of images wants to know.
 */
final class Libraries {

  /** The name that a program asks for, such as {@code libc.so.6}. */
  private static final Pattern NAME = Pattern.compile("lib[^/]+\\.so\\.\\d+");

  /** Distroless images keep the list of their packages so; scanners know it. */
  private static final Path LIST = Path.of("var/lib/dpkg/status.d");

  private final Architecture architecture;

  Libraries(Architecture architecture) {
    this.architecture = architecture;
  }

  /** Puts the libraries of {@code packages} into {@code root}. */
  void install(List<Unpacked> packages, Path root) {
    for (Unpacked each : packages) {
      Path libraries = each.files().resolve("usr/lib").resolve(architecture.triplet());
      for (Path file : Trees.all(libraries)) {
        if (libraries.equals(file.getParent()) && isLibrary(file)) {
          Trees.copy(file, root.resolve(each.files().relativize(file).toString()));
        }
        // Images have no links: what programs are started by is where they look for it.
        if (file.endsWith(architecture.loader())) {
          Trees.copy(
              file, root.resolve(architecture.loaderFolder()).resolve(architecture.loader()));
        }
      }
      Path copyright = Path.of("usr/share/doc", each.name(), "copyright");
      if (Files.exists(each.files().resolve(copyright))) {
        Trees.copy(each.files().resolve(copyright), root.resolve(copyright));
      }
      Trees.write(root.resolve(LIST).resolve(each.name()), each.control());
    }
  }

  private static boolean isLibrary(Path file) {
    return Files.isRegularFile(file) && NAME.matcher(file.getFileName().toString()).matches();
  }
}
