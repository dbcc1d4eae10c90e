package dev.refloat.lab.binaries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignKindsTest {

  @TempDir private Path folder;

  @Test
  void a_definition_is_where_go_has_put_the_module() throws IOException {
    Path definitions =
        Files.createDirectories(folder.resolve("module/example/prometheus-operator-crd"));
    Path definition =
        Files.createFile(definitions.resolve("monitoring.coreos.com_prometheusrules.yaml"));
    FakeGo go =
        FakeGo.in(
            folder,
            "go1.26.8",
            "echo 'go: downloading it'; echo '{\"Dir\": \"%s\"}'"
                .formatted(folder.resolve("module")));

    assertThat(ForeignKinds.PROMETHEUS_OPERATOR.definition(go.settings(), "prometheusrules"))
        .isEqualTo(definition);
    assertThat(go.builds()).containsExactly("github.com/prometheus-operator/prometheus-operator");
    assertThatThrownBy(() -> ForeignKinds.PROMETHEUS_OPERATOR.definition(go.settings(), "none"))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessageContaining("monitoring.coreos.com_none.yaml");
  }

  @Test
  void what_cannot_be_fetched_is_told_in_the_words_of_go() throws IOException {
    FakeGo go = FakeGo.in(folder, "go1.26.8", "echo '{\"Error\": \"no route to anywhere\"}'");

    assertThatThrownBy(() -> ForeignKinds.CERT_MANAGER.definition(go.settings(), "any"))
        .isInstanceOf(BinariesUnavailable.class)
        .hasMessageContaining("github.com/cert-manager/cert-manager")
        .hasMessageContaining("no route to anywhere");
  }
}
