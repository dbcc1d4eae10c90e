package dev.refloat.certs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundlePatchTest {

  @Test
  void changes_the_entries_that_lack_the_bundle_and_only_of_the_version_that_was_read() {
    BundlePatch patch = BundlePatch.of("41", Arrays.asList("d2FudGVk", null, "b2xk"), "d2FudGVk");

    assertThat(patch.entries()).isEqualTo(2);
    assertThat(patch.json())
        .isEqualTo(
            """
            [{"op":"replace","path":"/metadata/resourceVersion","value":"41"},\
            {"op":"add","path":"/webhooks/1/clientConfig/caBundle","value":"d2FudGVk"},\
            {"op":"add","path":"/webhooks/2/clientConfig/caBundle","value":"d2FudGVk"}]""");
  }

  @Test
  void is_not_needed_where_each_entry_has_the_bundle_or_there_is_no_entry() {
    assertThat(BundlePatch.of("41", List.of("d2FudGVk"), "d2FudGVk").entries()).isZero();
    assertThat(BundlePatch.of("41", List.of(), "d2FudGVk").entries()).isZero();
  }
}
