package dev.refloat.certs;

import dev.refloat.certs.ClusterObjects.Secret;
import java.util.Map;

/**
 * The two Secrets as they were found, and what is in them.
 *
 * @param authorities what is in {@code authority}
 * @param leaf what is in {@code serving}
 */
record Secrets(Secret authority, Secret serving, Authorities authorities, Stored<Credential> leaf) {

  static final String AUTHORITY = "refloat-ca";
  static final String SERVING = "refloat-tls";

  static final String SERVING_CERTIFICATE = "tls.crt";
  static final String SERVING_KEY = "tls.key";

  /** Nothing was found. */
  static final Secrets NONE =
      new Secrets(
          new Secret.Absent(), new Secret.Absent(), Authorities.none(), new Stored.Absent<>());

  /**
   * Reads both. The serving certificate first, which follows from the authority: whoever finds one
   * by an unknown authority is then not just late.
   *
   * @param last what was found before; keys that have not changed are not tried out again
   */
  static Secrets readFrom(ClusterObjects cluster, Secrets last) throws ClusterFailedException {
    Secret serving = cluster.secret(SERVING);
    Secret authority = cluster.secret(AUTHORITY);
    return new Secrets(
        authority,
        serving,
        authority.equals(last.authority()) ? last.authorities() : authorities(authority),
        serving.equals(last.serving()) ? last.leaf() : leaf(serving));
  }

  private static Authorities authorities(Secret secret) {
    return switch (secret) {
      case Secret.Absent() -> Authorities.none();
      case Secret.Present(_, Map<String, String> data) -> Authorities.read(data);
    };
  }

  private static Stored<Credential> leaf(Secret secret) {
    return switch (secret) {
      case Secret.Absent() -> new Stored.Absent<>();
      case Secret.Present(_, Map<String, String> data) ->
          Credential.read(data, SERVING_CERTIFICATE, SERVING_KEY);
    };
  }
}
