package dev.refloat.release.image;

import dev.refloat.release.Command;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  private final Architecture architecture;
  private final Mirror mirror;
  private final Path folder;
  private final Path unpacked;

  /**
   * @param cache where packages are kept from one time to the next; several may use it at once
   * @param work a folder for what is unpacked
   */
  DebianPackages(Architecture architecture, Mirror mirror, Path cache, Path work) {
    this.architecture = architecture;
    this.mirror = mirror;
    this.folder = cache.resolve("debian-" + architecture.word());
    this.unpacked = work.resolve("packages-" + architecture.word());
  }

  /**
   * Tries what this needs of the machine.
   *
   * @throws ReleaseFailed if it is not there
   */
  static void tryPrograms() {
    Command.run(List.of("apt-get", "--version"));
    Command.run(List.of("dpkg-deb", "--version"));
    Mirror.tryKeyring();
  }

  /**
   * A package, unpacked.
   *
   * @param control what its maintainer says about it, as {@code dpkg} keeps it
   */
  record Unpacked(String name, String control, Path files) {

    /**
     * Returns a field of {@code control}.
     *
     * @throws ReleaseFailed if it is not there
     */
    String field(String field) {
      return optional(field)
          .orElseThrow(() -> new ReleaseFailed("package %s has no %s".formatted(name, field)));
    }

    private Optional<String> optional(String field) {
      String start = field + ": ";
      return control
          .lines()
          .filter(line -> line.startsWith(start))
          .findFirst()
          .map(line -> line.substring(start.length()));
    }

    /**
     * Returns what it is built from, with its version: of the same name and version unless it says
     * {@code Source: NAME}, or {@code Source: NAME (VERSION)} (<a
     * href="https://www.debian.org/doc/debian-policy/ch-controlfields.html#source">5.6.1</a>).
     */
    Source source() {
      String[] words = optional("Source").orElse(name).split(" ", 2);
      return new Source(
          words[0], words.length == 1 ? field("Version") : words[1].replaceAll("[()]", ""));
    }
  }

  /** What packages are built from: holes are told of these. */
  record Source(String name, String version) {}

  /** Returns these packages as the mirror has them now. */
  List<Unpacked> unpacked(List<String> names) {
    Path lock = folder.resolve("lock");
    Trees.write(lock, "");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      fetch(names);
      return names.stream().map(this::unpacked).toList();
    } catch (IOException e) {
      throw new ReleaseFailed("cannot lock %s: %s".formatted(lock, e), e);
    }
  }

  /** Removes what was unpacked; the packages stay, for the next time. */
  void forgetUnpacked() {
    Trees.remove(unpacked);
  }

  private void fetch(List<String> names) {
    for (String part :
        List.of("etc/preferences.d", "lists/partial", "archives/partial", "packages")) {
      Trees.write(folder.resolve(part).resolve(".keep"), "");
    }
    Trees.write(folder.resolve("status"), "");
    Trees.write(folder.resolve("sources.list"), mirror.sources());
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
            .orElseThrow(
                () -> new ReleaseFailed("%s has no package %s".formatted(Mirror.suite(), name)));
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
    Path files = Trees.fresh(unpacked.resolve(name));
    Command.run(List.of("dpkg-deb", "-x", deb, files.toString()));
    return new Unpacked(name, Command.run(List.of("dpkg-deb", "-f", deb)), files);
  }
}
