package dev.refloat.certs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.certs.ClusterObjects.Configuration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundlePatchTest {

  @Test
  void changes_the_entries_that_lack_the_bundle_and_only_of_the_version_that_was_read() {
    Configuration.Present present = new Configuration.Present("41", List.of("wanted", "", "old"));

    assertThat(BundlePatch.of(present, "wanted"))
        .isEqualTo(
            """
            [{"op":"replace","path":"/metadata/resourceVersion","value":"41"},\
            {"op":"add","path":"/webhooks/1/clientConfig/caBundle","value":"d2FudGVk"},\
            {"op":"add","path":"/webhooks/2/clientConfig/caBundle","value":"d2FudGVk"}]""");
  }
}
