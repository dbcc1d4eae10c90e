package dev.refloat.lab.realnode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsTest {

  private static LabSettings settings(String name, String value) {
    return LabSettings.from(Map.of("HOME", "/home/ada", name, value));
  }

  @Test
  void real_nodes_can_be_switched_off() {
    assertThat(Requirements.obstacle(settings(LabSettings.REAL_NODES, "off")))
        .hasValue("REFLOAT_LAB_REAL_NODES is off");
  }

  @Test
  void a_word_that_is_none_is_told() {
    assertThat(Requirements.obstacle(settings(LabSettings.REAL_NODES, "yes")))
        .hasValue(
            "REFLOAT_LAB_REAL_NODES is \"yes\"; expected required, off, or nothing for where they"
                + " are possible");
  }

  @ParameterizedTest
  @CsvSource({"required, true", "off, false"})
  void they_are_required_if_somebody_says_so(String word, boolean required) {
    assertThat(Requirements.areRequired(settings(LabSettings.REAL_NODES, word)))
        .isEqualTo(required);
  }

  @Test
  void another_version_of_Kubernetes_has_none() {
    assertThat(Requirements.obstacle(settings(LabSettings.KUBERNETES, "1.30.14")))
        .hasValue(
            "real nodes are made of Kubernetes 1.36.3 only; REFLOAT_LAB_KUBERNETES is 1.30.14");
  }
}
