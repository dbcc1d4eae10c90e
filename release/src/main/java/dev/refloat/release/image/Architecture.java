package dev.refloat.release.image;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A kind of processor that images are made for. */
public enum Architecture {
  AMD64("amd64", "x86_64-linux-gnu", "lib64", "ld-linux-x86-64.so.2", "qemu-x86_64-static"),
  ARM64("arm64", "aarch64-linux-gnu", "lib", "ld-linux-aarch64.so.1", "qemu-aarch64-static");

  private final String word;
  private final String triplet;
  private final String loaderFolder;
  private final String loader;
  private final String emulator;

  Architecture(String word, String triplet, String loaderFolder, String loader, String emulator) {
    this.word = word;
    this.triplet = triplet;
    this.loaderFolder = loaderFolder;
    this.loader = loader;
    this.emulator = emulator;
  }

  /** Returns what this machine is. */
  public static Architecture ofThisMachine() {
    String arch = System.getProperty("os.arch");
    return switch (arch) {
      case "amd64", "x86_64" -> AMD64;
      case "aarch64", "arm64" -> ARM64;
      default -> throw new IllegalStateException("there are no images for this machine: " + arch);
    };
  }

  /**
   * Returns the one that a person calls so, such as {@code linux/amd64}.
   *
   * @throws IllegalArgumentException if nothing is called so
   */
  public static Architecture parse(String platform) {
    return Arrays.stream(values())
        .filter(each -> each.platform().equals(platform.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\" is no platform that images are made for; expected %s"
                        .formatted(
                            platform,
                            Arrays.stream(values())
                                .map(Architecture::platform)
                                .collect(Collectors.joining(" or ")))));
  }

  /** Returns its name in Debian and in images. */
  public String word() {
    return word;
  }

  /** Returns what images call it. */
  public String platform() {
    return "linux/" + word;
  }

  /** Returns the folder of its libraries below {@code /usr/lib}. */
  String triplet() {
    return triplet;
  }

  /** Returns where programs look for what loads their libraries, below {@code /}. */
  String loaderFolder() {
    return loaderFolder;
  }

  String loader() {
    return loader;
  }

  /** Returns the program that runs programs of it on other machines. */
  String emulator() {
    return emulator;
  }
}
