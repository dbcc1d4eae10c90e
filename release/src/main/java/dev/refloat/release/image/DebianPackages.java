package dev.refloat.release.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Packages of Debian for any architecture, from the mirror that this machine has its own from.
 * Nothing is installed, and neither this machine's list of packages nor its architectures change:
 * apt gets folders of its own. Needs no root.
 */
final class DebianPackages {

  /** Debian 13, whose Java is 25. */
  private static final String SUITE = "trixie";

  private static final Path KEYRING = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  private static final Path SOURCES = Path.of("/etc/apt");

  private final Architecture architecture;
  private final String mirror;
  private final Path folder;

  /**
   * @param mirror the address of a mirror, such as the one in this machine's own sources
   * @param cache where packages are kept from one time to the next
   */
  DebianPackages(Architecture architecture, String mirror, Path cache) {
    this.architecture = architecture;
    this.mirror = mirror;
    this.folder = cache.resolve("debian-" + architecture.word());
  }

  /**
   * Returns where apt has this machine's packages from; of several places the first.
   *
   * @throws ImageFailed if it names none of Debian
   */
  static String ownMirror() {
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      return sources
          .filter(file -> file.toString().endsWith(".list") || file.toString().endsWith(".sources"))
          .sorted()
          .flatMap(DebianPackages::lines)
          .filter(line -> line.startsWith("URIs:") || line.startsWith("deb "))
          .flatMap(line -> Stream.of(line.split("\\s+", -1)))
          .filter(word -> word.startsWith("http") && word.contains("debian"))
          .filter(word -> !word.contains("security"))
          .findFirst()
          .orElseThrow(
              () ->
                  new ImageFailed(
                      "no mirror of Debian is named in %s; name one: --mirror".formatted(SOURCES)));
    } catch (IOException e) {
      throw new ImageFailed(
          "%s cannot be read (%s); name a mirror of Debian: --mirror".formatted(SOURCES, e), e);
    }
  }

  /**
   * Tries what this needs of the machine.
   *
   * @throws ImageFailed if it is not there
   */
  static void tryPrograms() {
    Command.run(List.of("apt-get", "--version"));
    Command.run(List.of("dpkg-deb", "--version"));
    if (!Files.isReadable(KEYRING)) {
      throw new ImageFailed("there is no %s; install debian-archive-keyring".formatted(KEYRING));
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /**
   * A package, unpacked.
   *
   * @param control what its maintainer says about it, as {@code dpkg} keeps it
   */
  record Unpacked(String name, String version, String control, Path files) {}

  /** Returns these packages as the mirror has them now. */
  List<Unpacked> unpacked(List<String> names) {
    fetch(names);
    return names.stream().map(this::unpacked).toList();
  }

  /** Removes what was unpacked; the packages stay, for the next time. */
  void forgetUnpacked() {
    Trees.remove(folder.resolve("unpacked"));
  }

  private void fetch(List<String> names) {
    for (String part :
        List.of("etc/preferences.d", "lists/partial", "archives/partial", "packages")) {
      Trees.write(folder.resolve(part).resolve(".keep"), "");
    }
    Trees.write(folder.resolve("status"), "");
    Trees.write(
        folder.resolve("sources.list"),
        "deb [signed-by=%s] %s %s main%n".formatted(KEYRING, mirror, SUITE));
    Command.run(apt("update"));
    names.forEach(this::removeOthersOf);
    List<String> download = new ArrayList<>(List.of("download"));
    download.addAll(names);
    Command.run(apt(download.toArray(String[]::new)), Optional.of(folder.resolve("packages")));
  }

  /** Versions of before would be two of one. */
  private void removeOthersOf(String name) {
    String wanted =
        Command.run(aptCache("show", "--no-all-versions", name))
            .lines()
            .filter(line -> line.startsWith("Filename: "))
            .findFirst()
            .map(line -> line.substring(line.lastIndexOf('/') + 1))
            .orElseThrow(() -> new ImageFailed("%s has no package %s".formatted(SUITE, name)));
    for (Path each : files(name)) {
      if (!each.getFileName().toString().replace("%3a", ":").equals(wanted.replace("%3a", ":"))) {
        try {
          Files.delete(each);
        } catch (IOException e) {
          throw new UncheckedIOException("cannot remove " + each, e);
        }
      }
    }
  }

  private List<String> apt(String... words) {
    return command("apt-get", words);
  }

  private List<String> aptCache(String... words) {
    return command("apt-cache", words);
  }

  private List<String> command(String program, String... words) {
    List<String> command = new ArrayList<>(List.of(program, "-q"));
    for (String option :
        List.of(
            "APT::Architecture=" + architecture.word(),
            "APT::Architectures::=" + architecture.word(),
            "Acquire::Languages=none",
            "Dir::State=" + folder,
            "Dir::State::status=" + folder.resolve("status"),
            "Dir::State::lists=" + folder.resolve("lists"),
            "Dir::Cache=" + folder,
            "Dir::Etc::sourcelist=" + folder.resolve("sources.list"),
            "Dir::Etc::sourceparts=-",
            "Dir::Etc::preferencesparts=-",
            "APT::Sandbox::User=")) {
      command.add("-o");
      command.add(option);
    }
    command.addAll(List.of(words));
    return command;
  }

  private List<Path> files(String name) {
    try (Stream<Path> packages = Files.list(folder.resolve("packages"))) {
      return packages
          .filter(file -> file.getFileName().toString().startsWith(name + "_"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the packages of " + folder, e);
    }
  }

  private Unpacked unpacked(String name) {
    String deb = files(name).getFirst().toString();
    Path files = Trees.fresh(folder.resolve("unpacked").resolve(name));
    Command.run(List.of("dpkg-deb", "-x", deb, files.toString()));
    return new Unpacked(
        name,
        Command.run(List.of("dpkg-deb", "-f", deb, "Version")).strip(),
        Command.run(List.of("dpkg-deb", "-f", deb)),
        files);
  }
}
