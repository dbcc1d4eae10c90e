package dev.refloat.certs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A JSON Patch that puts a CA bundle into the entries of a webhook configuration that do not have
 * it yet, and touches nothing else.
 *
 * <p>Entries are named by position, so the patch must not meet another version of the object. A
 * patch that sets {@code metadata.resourceVersion} to a version that is not the live one is
 * answered with 409; a {@code test} of it would be answered with 422, as any other mistake.
 */
final class BundlePatch {

  private BundlePatch() {}

  /** Returns the patch for {@code present}, none of whose entries is changed in vain. */
  static String of(ClusterObjects.Configuration.Present present, String bundle) {
    String encoded = Base64.getEncoder().encodeToString(bundle.getBytes(StandardCharsets.US_ASCII));
    List<String> operations = new ArrayList<>();
    operations.add(
        """
        {"op":"replace","path":"/metadata/resourceVersion","value":"%s"}"""
            .formatted(present.version()));
    for (int entry = 0; entry < present.bundles().size(); entry++) {
      if (!present.bundles().get(entry).equals(bundle)) {
        // "add" also replaces a member that is there.
        operations.add(
            """
            {"op":"add","path":"/webhooks/%d/clientConfig/caBundle","value":"%s"}"""
                .formatted(entry, encoded));
      }
    }
    return "[" + String.join(",", operations) + "]";
  }
}
