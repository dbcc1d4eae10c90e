package dev.refloat.certs;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Patch that puts a CA bundle into the entries of a webhook configuration that do not have
 * it yet, and touches nothing else.
 *
 * <p>Entries are named by position, so the patch must not meet another version of the object. A
 * patch that sets {@code metadata.resourceVersion} to a version that is not the live one is
 * answered with 409; a {@code test} of it would be answered with 422, as any other mistake.
 *
 * @param entries how many entries it changes; 0 = nothing is to be done
 */
record BundlePatch(int entries, String json) {

  /**
   * @param version the resourceVersion of the object that the entries were read from
   * @param present the bundle of each entry as Base64, null or empty where there is none
   * @param wanted the bundle as Base64
   */
  static BundlePatch of(String version, List<@Nullable String> present, String wanted) {
    List<String> operations = new ArrayList<>();
    operations.add(
        """
        {"op":"replace","path":"/metadata/resourceVersion","value":"%s"}"""
            .formatted(version));
    for (int entry = 0; entry < present.size(); entry++) {
      if (!Objects.equals(present.get(entry), wanted)) {
        // "add" also replaces a member that is there.
        operations.add(
            """
            {"op":"add","path":"/webhooks/%d/clientConfig/caBundle","value":"%s"}"""
                .formatted(entry, wanted));
      }
    }
    return new BundlePatch(operations.size() - 1, "[" + String.join(",", operations) + "]");
  }
}
