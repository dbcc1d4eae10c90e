package dev.refloat.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CompatibilityDocumentTest {

  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| [^|]+ \\| `([^`]+)` \\| `([^`]+)` \\|$");

  @Test
  void names_all_local_storage_that_is_known_and_no_other() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "compatibility.md"));

    assertThat(
            ROW.matcher(document)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2))))
        .isEqualTo(LocalStorage.known());
  }
}
