package dev.refloat.release.image;

import com.github.packageurl.MalformedPackageURLException;
import com.github.packageurl.PackageURLBuilder;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.image.DebianPackages.Unpacked;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something in an image that others have made, as scanners know it.
 *
 * @param purl a <a
 *     href="https://github.com/package-url/purl-spec/blob/main/PURL-SPECIFICATION.rst">package
 *     URL</a>
 * @param cpe a <a href="https://nvd.nist.gov/products/cpe">CPE</a>, where scanners go by that
 * @param source what a package of Debian is built from
 */
record Part(
    Kind kind,
    String name,
    String version,
    String purl,
    Optional<String> cpe,
    Optional<DebianPackages.Source> source) {

  enum Kind {
    LIBRARY,
    PLATFORM
  }

  /** A package of Debian. */
  static Part of(Unpacked debian, Kind kind) {
    String version = debian.field("Version");
    DebianPackages.Source source = debian.source();
    Map<String, String> qualifiers =
        Map.of(
            "arch",
            debian.field("Architecture"),
            "distro",
            Base.DISTRIBUTION + "-" + Base.RELEASE,
            "upstream",
            source.version().equals(version)
                ? source.name()
                : source.name() + "@" + source.version());
    return new Part(
        kind,
        debian.name(),
        version,
        purl("deb", Base.DISTRIBUTION, debian.name(), version, qualifiers),
        Optional.empty(),
        Optional.of(source));
  }

  /**
   * A build of OpenJDK, whoever has made it.
   *
   * @param version such as {@code 25.0.3+9-LTS}
   */
  static Part openJdk(String version) {
    return new Part(
        Kind.PLATFORM,
        "openjdk",
        version,
        purl("generic", null, "openjdk", version, Map.of()),
        Optional.of(
            "cpe:2.3:a:oracle:openjdk:%s:*:*:*:*:*:*:*"
                .formatted(version.replaceFirst("[+-].*", ""))),
        Optional.empty());
  }

  /**
   * An image, as <a
   * href="https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md">purl</a>
   * has them.
   */
  static String image(String name, String digest, Architecture architecture) {
    return purl("oci", null, name, digest, Map.of("arch", architecture.word()));
  }

  private static String purl(
      String type,
      @Nullable String namespace,
      String name,
      String version,
      Map<String, String> qualifiers) {
    try {
      PackageURLBuilder url =
          PackageURLBuilder.aPackageURL().withType(type).withName(name).withVersion(version);
      if (namespace != null) {
        url.withNamespace(namespace);
      }
      qualifiers.forEach(url::withQualifier);
      return url.build().canonicalize();
    } catch (MalformedPackageURLException e) {
      throw new ReleaseFailed("%s %s has no package URL: %s".formatted(name, version, e), e);
    }
  }
}
