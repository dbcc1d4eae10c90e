package dev.refloat.release.image;

import dev.refloat.release.Command;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the archive of loaded classes that halves a start. It is the older kind of such a file
 * (CDS, JEP 350), not the AOT cache of {@code bin/rehearse}: two of the latter are never the same,
 * because it records what a run happened to do, and the moment at which it was made.
 *
 * <p>It is made in the image, so to speak: with what the image has, and under the names that files
 * have there. Under others it would be another one, because it keeps what the JVM did to open its
 * jars, and a hash table of their names is one thing for some names and another for others.
 *
 * @see <a href="https://openjdk.org/jeps/350">JEP 350</a>
 */
final class ClassArchive {

  private static final String NAME = "classes.jsa";
  private static final String LIST = "classes.txt";
  private static final String EMULATOR = "emulator";

  /** Needs no root where users may have namespaces; all mounts end with it. */
  private static final String IN_THE_IMAGE =
      """
      set -eu
      root=$1 home=$2 emulator=$3
      shift 3
      mkdir -p "$root/proc" "$root/opt/refloat"
      mount --rbind /proc "$root/proc"
      mount --bind "$home" "$root/opt/refloat"
      if [ -n "$emulator" ]; then
        mount --bind "$emulator" "$root/emulator"
        set -- /emulator "$@"
      fi
      exec chroot "$root" "$@"
      """;

  private static final List<String> UNSHARE =
      "root".equals(System.getProperty("user.name"))
          ? List.of("unshare", "--mount")
          : List.of("unshare", "--mount", "--user", "--map-root-user");

  private final Base base;

  ClassArchive(Base base) {
    this.base = base;
  }

  /**
   * Makes the archive beside the jars; returns its name. There is none for an architecture that
   * nothing on this machine can run.
   *
   * @param home the folder that becomes {@code /opt/refloat}
   * @param jars the class path, in order
   * @param classes a list as {@code -XX:DumpLoadedClassList} writes it
   */
  Optional<String> make(Path home, List<String> jars, Path classes) {
    boolean isForeign = base.architecture() != Architecture.ofThisMachine();
    Optional<Path> emulator = onThePath(base.architecture().emulator());
    if (isForeign && emulator.isEmpty()) {
      return Optional.empty();
    }
    Path list = home.resolve("lib").resolve(LIST);
    Path placeForEmulator = base.root().resolve(EMULATOR);
    Trees.copy(classes, list);
    Trees.write(placeForEmulator, "");
    String foreign = isForeign ? emulator.get().toString() : "";
    try {
      Command.run(
          inTheImage(
              home,
              foreign,
              java(jars, "-Xshare:dump", "-XX:SharedClassListFile=" + ImageBuild.LIB + LIST)));
      // Ends badly if this Java does not take what it has made.
      Command.run(inTheImage(home, foreign, java(jars, "-Xshare:on", "--version")));
    } finally {
      Trees.remove(list);
      Trees.remove(placeForEmulator);
    }
    return Optional.of(NAME);
  }

  private static List<String> java(List<String> jars, String... more) {
    List<String> command = ImageBuild.java(jars, Optional.of(NAME));
    command.addAll(List.of(more));
    return command;
  }

  /**
   * Tries what this needs of the machine.
   *
   * @throws ReleaseFailed if it is not there
   */
  static void tryPrograms() {
    List<String> command = new ArrayList<>(UNSHARE);
    command.addAll(List.of("sh", "-c", "mount --rbind /proc /proc && exec chroot / true"));
    Command.run(command);
  }

  private List<String> inTheImage(Path home, String emulator, List<String> java) {
    List<String> command = new ArrayList<>(UNSHARE);
    command.addAll(
        List.of("sh", "-c", IN_THE_IMAGE, "sh", base.root().toString(), home.toString(), emulator));
    command.addAll(java);
    return command;
  }

  private static Optional<Path> onThePath(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return List.of(path.split(":", -1)).stream()
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
