package dev.refloat.release.image;

import dev.refloat.release.ReleaseFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where Debian's packages come from.
 *
 * @param main the address of the archive
 * @param security the address of the archive of security updates; without one libraries are those
 *     of the last point release
 */
public record Mirror(String main, Optional<String> security) {

  private static final Path SOURCES = Path.of("/etc/apt");
  private static final String MAIN = "debian";
  private static final String SECURITY = "debian-security";

  /** Debian 13: its C library runs where this machine's may be too new, and it has a Java 25. */
  private static final String SUITE = "trixie";

  private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

  /**
   * Returns where apt has this machine's packages from; of several places the first.
   *
   * @throws ReleaseFailed if it names none of Debian
   */
  public static Mirror ofThisMachine() {
    return in(SOURCES);
  }

  /** The same of another folder of apt's settings. */
  static Mirror in(Path settings) {
    List<String> addresses = addresses(settings);
    return new Mirror(
        find(addresses, MAIN)
            .orElseThrow(
                () ->
                    new ReleaseFailed(
                        "no mirror of Debian is named in %s; name one: --mirror"
                            .formatted(settings))),
        find(addresses, SECURITY));
  }

  private static Optional<String> find(List<String> addresses, String archive) {
    return addresses.stream().filter(each -> each.endsWith("/" + archive)).findFirst();
  }

  /** Archives that have a component {@code main}, as those of Debian do and few others. */
  private static List<String> addresses(Path settings) {
    try (Stream<Path> files = Files.walk(settings)) {
      return files
          .sorted()
          .flatMap(Mirror::entries)
          .map(entry -> List.of(entry.split("\\s+", -1)))
          .filter(words -> words.contains("main"))
          .flatMap(List::stream)
          .filter(word -> word.startsWith("http"))
          .map(word -> word.replaceFirst("/+$", ""))
          .toList();
    } catch (IOException e) {
      throw new ReleaseFailed(
          "%s cannot be read (%s); name a mirror of Debian: --mirror".formatted(settings, e), e);
    }
  }

  /** Of a file of the older kind its lines, of one of the newer kind its paragraphs. */
  private static Stream<String> entries(Path file) {
    String name = file.toString();
    if (name.endsWith(".list")) {
      return text(file).lines().filter(line -> line.startsWith("deb "));
    }
    return name.endsWith(".sources")
        ? Stream.of(text(file).replaceAll("(?m)^#.*\\R", "").split("\\R\\s*\\R", -1))
        : Stream.empty();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ReleaseFailed("cannot read %s: %s".formatted(file, e), e);
    }
  }

  /**
   * Tries what this needs of the machine.
   *
   * @throws ReleaseFailed if it is not there
   */
  static void tryKeyring() {
    if (!Files.isReadable(Path.of(KEYRING))) {
      throw new ReleaseFailed("there is no %s; install debian-archive-keyring".formatted(KEYRING));
    }
  }

  /** Returns what apt is told, one archive a line. */
  String sources() {
    List<String> lines = new ArrayList<>();
    lines.add(line(main, SUITE));
    lines.add(line(main, SUITE + "-updates"));
    security.ifPresent(address -> lines.add(line(address, SUITE + "-security")));
    return String.join("\n", lines) + "\n";
  }

  private static String line(String address, String suite) {
    return "deb [signed-by=%s] %s %s main".formatted(KEYRING, address, suite);
  }

  /** Returns the name of what there is a package of. */
  static String suite() {
    return SUITE;
  }
}
