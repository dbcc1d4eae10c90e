package dev.refloat.release.image;

import dev.refloat.release.Command;
import dev.refloat.release.image.DebianPackages.Unpacked;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of Java that the two processes need. For this machine's architecture it is cut from the
 * JDK that runs this; for another one from Debian's, by this machine's {@code jlink}.
 *
 * @see <a href="https://openjdk.org/jeps/493">JEP 493</a>
 */
final class JavaRuntime {

  /** Where it is in an image; {@code bin/refloat-...} looks there as well. */
  static final Path HOME = Path.of("opt/java");

  /**
   * What the two processes load from, a superset of what {@code jdeps} finds but for java.desktop,
   * which Jackson and Logback ask for and do without.
   */
  static final List<String> MODULES =
      List.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.sql",
          "java.xml",
          "jdk.httpserver",
          "jdk.unsupported");

  /** What Debian's Java is linked to; other builds of it bring all but the first with them. */
  private static final List<String> LIBRARIES =
      List.of("libc6", "libgcc-s1", "libstdc++6", "zlib1g");

  private static final String JDK = "openjdk-25-jdk-headless";

  private final Architecture architecture;
  private final DebianPackages packages;

  JavaRuntime(Architecture architecture, DebianPackages packages) {
    this.architecture = architecture;
    this.packages = packages;
  }

  /**
   * Puts the run-time into {@code root}, and the libraries that it is linked to; returns what these
   * are.
   */
  List<Part> install(Path root) {
    List<Part> parts = new ArrayList<>();
    Path home = root.resolve(HOME);
    if (architecture == Architecture.ofThisMachine()) {
      link(List.of(), home);
      parts.add(Part.openJdk(Runtime.version().toString()));
    } else {
      Unpacked java = packages.unpacked(List.of(JDK)).getFirst();
      link(List.of("--module-path", jdk(java).resolve("jmods").toString()), home);
      parts.add(Part.of(java, Part.Kind.PLATFORM));
    }
    List<Unpacked> libraries = packages.unpacked(LIBRARIES);
    new Libraries(architecture).install(libraries, root);
    libraries.forEach(each -> parts.add(Part.of(each, Part.Kind.LIBRARY)));
    return List.copyOf(parts);
  }

  private Path jdk(Unpacked java) {
    return java.files().resolve("usr/lib/jvm/java-25-openjdk-" + architecture.word());
  }

  private static void link(List<String> where, Path home) {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/jlink").toString()));
    command.addAll(where);
    command.addAll(
        List.of(
            "--add-modules",
            String.join(",", MODULES),
            "--no-header-files",
            "--no-man-pages",
            // Debian's modules have all symbols of their native parts beside them, 600 MB.
            "--exclude-files",
            "**.debuginfo",
            "--output",
            home.toString()));
    Command.run(command);
  }
}
