package dev.refloat.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.LabSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabTest {

  @TempDir private Path cache;

  private LabSettings settings() {
    return new LabSettings(
        cache, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");
  }

  @Test
  void wrong_usage_is_2() {
    assertThat(Lab.run(settings())).isEqualTo(2);
    assertThat(Lab.run(settings(), "sideways")).isEqualTo(2);
    assertThat(Lab.run(settings(), "up", "--sideways")).isEqualTo(2);
  }

  @Test
  void help_is_0() {
    assertThat(Lab.run(settings(), "--help")).isZero();
  }

  @Test
  void without_a_lab_there_is_nothing_to_say_or_stop() {
    assertThat(Lab.run(settings(), "status")).isEqualTo(3);
    assertThat(Lab.run(settings(), "kubectl", "get", "pods", "-A")).isEqualTo(3);
    assertThat(Lab.run(settings(), "down")).isZero();
  }

  @Test
  void nothing_to_build_with_is_2() {
    assertThat(Lab.run(settings(), "build")).isEqualTo(2);
    assertThat(Lab.run(settings(), "up")).isEqualTo(2);
  }

  @Test
  void an_existing_cluster_is_not_started() {
    LabSettings existing =
        new LabSettings(
            cache,
            Optional.empty(),
            Optional.of(Path.of("/kubeconfig")),
            Optional.empty(),
            Optional.empty(),
            "");

    assertThat(Lab.run(existing, "up")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--set=DRY_RUN=true",
        "--refloat --set=NO_SETTING=1",
        "--refloat --set=REFLOAT_COOLDOWN=2h",
        "--refloat --set=LOG_FORMAT=text",
      })
  void settings_that_the_processes_would_refuse_are_wrong_usage(String arguments) {
    assertThat(Lab.run(settings(), ("up " + arguments).split(" ", -1))).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T10:00:00Z, 2026-11-23T10:00:42Z, 42 s",
    "2026-11-23T10:00:00Z, 2026-11-23T10:05:00Z, 5 min",
    "2026-11-23T10:00:00Z, 2026-11-24T12:00:00Z, 26 h",
  })
  void ages_are_said_as_people_say_them(Instant since, Instant now, String age) {
    assertThat(Words.age(since, now)).isEqualTo(age);
  }
}
