package dev.refloat.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SettingsDocumentTest {

  private static final String HEAD =
      """
      | name | read by | default | format | meaning |
      |---|---|---|---|---|
      """;

  @Test
  void the_table_of_settings_is_what_the_code_declares() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "settings.md"));
    String table =
        Contract.ALL.stream()
            .map(SettingsDocumentTest::row)
            .collect(Collectors.joining("\n", HEAD, "\n"));

    assertThat(document).as("docs/settings.md must hold this table:%n%s", table).contains(table);
  }

  private static String row(Setting<?> setting) {
    String readBy =
        switch (setting.readBy()) {
          case BOTH -> "both";
          case CONTROLLER -> "controller";
          case WEBHOOK -> "webhook";
        };
    return "| `%s` | %s | %s | %s | %s |"
        .formatted(
            setting.name(), readBy, setting.inWords(), setting.format().words(), setting.meaning());
  }
}
