package dev.refloat.certs;

import dev.refloat.certs.ClusterObjects.Configuration;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whom the API server trusts, by the CA bundles of all entries of the webhook configurations. */
sealed interface Trust {

  /** A configuration could not be read, so nothing can be concluded. */
  record Unknown() implements Trust {}

  /**
   * @param entries the certificates of each entry; none where it has no bundle, or garbage
   */
  record Known(List<Set<X509Certificate>> entries) implements Trust {
    public Known {
      entries = entries.stream().map(Set::copyOf).toList();
    }
  }

  static Trust by(Collection<Configuration> configurations) {
    return new Known(
        configurations.stream()
            .flatMap(Trust::bundles)
            // Nearly always all entries have the same one.
            .distinct()
            .map(Trust::certificates)
            .toList());
  }

  /** Whether each entry trusts it; true where there is no entry, since nobody asks us then. */
  default boolean isEverywhere(X509Certificate authority) {
    return switch (this) {
      case Unknown() -> false;
      case Known(List<Set<X509Certificate>> entries) ->
          entries.stream().allMatch(entry -> entry.contains(authority));
    };
  }

  /** Returns who has signed {@code leaf}, if any entry is known to trust somebody who has. */
  default Optional<Anchor> signerOf(Credential leaf, Instant now) {
    return switch (this) {
      case Unknown() -> Optional.empty();
      case Known(List<Set<X509Certificate>> entries) ->
          entries.stream()
              .flatMap(Set::stream)
              .distinct()
              .map(certificate -> new Anchor(List.of(certificate)))
              .filter(anchor -> anchor.isAuthority() && now.isBefore(anchor.notAfter()))
              .filter(anchor -> anchor.hasSigned(leaf))
              .findFirst();
    };
  }

  private static Stream<String> bundles(Configuration configuration) {
    return switch (configuration) {
      case Configuration.Absent() -> Stream.empty();
      case Configuration.Present(_, List<String> bundles) -> bundles.stream();
    };
  }

  private static Set<X509Certificate> certificates(String bundle) {
    return switch (Pem.certificates(bundle)) {
      case Pem.Garbage<List<X509Certificate>> _ -> Set.of();
      case Pem.Read<List<X509Certificate>>(List<X509Certificate> certificates) ->
          Set.copyOf(certificates);
    };
  }
}
