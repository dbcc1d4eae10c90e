package dev.refloat.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.act.Outcome;
import dev.refloat.controller.report.Reporter;
import dev.refloat.recovery.Finding;
import dev.refloat.recovery.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Log, metric label and Event reason are the record's name, and its words do not compile without
 * it; the documentation is checked here.
 */
class ReasonsAreDocumentedTest {

  private static final Path DIAGNOSES = Path.of("..", "docs", "diagnoses.md");

  @Test
  void every_reason_has_a_section_in_docs_diagnoses_and_no_section_is_left_over()
      throws IOException {
    TreeSet<String> documented =
        Files.readAllLines(DIAGNOSES).stream()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4).strip())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(documented)
        .as("docs/diagnoses.md: one section '### Reason' for each verdict, finding and outcome")
        .isEqualTo(
            Stream.concat(
                    Stream.of(Verdict.class, Finding.class, Outcome.class)
                        .flatMap(ReasonsAreDocumentedTest::leaves)
                        .map(Class::getSimpleName),
                    Stream.of(Reporter.CLAIM_DELETED))
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    Class<?>[] permitted = type.getPermittedSubclasses();
    return permitted == null
        ? Stream.of(type)
        : Arrays.stream(permitted).flatMap(ReasonsAreDocumentedTest::leaves);
  }
}
