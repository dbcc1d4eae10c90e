package dev.refloat.settings;

import java.util.Optional;

/** Where the webhook's serving certificate comes from. */
public sealed interface CertificateSource {

  /** Issued, stored and rotated by Refloat. */
  record Managed() implements CertificateSource {
    @Override
    public String toString() {
      return "managed";
    }
  }

  /**
   * Somebody else, such as cert-manager, puts them into files.
   *
   * @param folder the absolute path of the folder of {@code tls.crt} and {@code tls.key}
   */
  record Files(String folder) implements CertificateSource {
    @Override
    public String toString() {
      return PREFIX + folder;
    }
  }

  /** What stands before the folder. */
  String PREFIX = "files:";

  /** Returns what {@code managed} or {@code files:/folder} stands for. */
  static Optional<CertificateSource> parse(String text) {
    if ("managed".equals(text)) {
      return Optional.of(new Managed());
    }
    return text.startsWith(PREFIX + "/") && text.indexOf('\0') < 0
        ? Optional.of(new Files(text.substring(PREFIX.length())))
        : Optional.empty();
  }
}
