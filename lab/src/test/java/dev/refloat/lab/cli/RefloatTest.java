package dev.refloat.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class RefloatTest {

  @Command
  private static final class Up {
    @Mixin private Refloat refloat = new Refloat();
  }

  private static Refloat parsed(String... arguments) {
    Up up = new Up();
    new CommandLine(up).parseArgs(arguments);
    return up.refloat;
  }

  @Test
  void it_is_not_wanted_unless_somebody_says_so() {
    assertThat(parsed().isWanted()).isFalse();
    assertThat(parsed().mistakes()).isEmpty();
    assertThat(parsed().arguments()).isEmpty();
  }

  @Test
  void settings_are_those_of_the_lab_unless_a_person_says_otherwise() {
    Refloat refloat = parsed("--refloat", "--set", "REFLOAT_COOLDOWN=0s", "--set", "DRY_RUN=true");

    assertThat(refloat.mistakes()).isEmpty();
    assertThat(refloat.settings(Map.of("REFLOAT_COOLDOWN", "1m", "REFLOAT_BRAKE", "50%")))
        .containsOnly(
            Map.entry("REFLOAT_COOLDOWN", "0s"),
            Map.entry("REFLOAT_BRAKE", "50%"),
            Map.entry("DRY_RUN", "true"));
    assertThat(parsed(refloat.arguments().toArray(String[]::new)).settings(Map.of()))
        .isEqualTo(refloat.settings(Map.of()));
  }

  @Test
  void all_mistakes_are_told_at_once() {
    assertThat(
            parsed(
                    "--refloat",
                    "--set=COOLDOWN=0s",
                    "--set=REFLOAT_COOLDOW=0s",
                    "--set=REFLOAT_BRAKE=many",
                    "--set=LOG_FORMAT=text")
                .mistakes())
        .hasSize(4)
        .anyMatch(each -> each.startsWith("COOLDOWN is not a setting"))
        .anyMatch(each -> each.contains("did you mean REFLOAT_COOLDOWN?"))
        .anyMatch(each -> each.startsWith("REFLOAT_BRAKE is \"many\"; expected"))
        .anyMatch(each -> each.startsWith("LOG_FORMAT is \"text\"; expected json"));
  }

  @Test
  void settings_without_the_processes_are_a_mistake() {
    assertThat(parsed("--set", "DRY_RUN=true").mistakes())
        .singleElement()
        .asString()
        .contains("expected --refloat as well");
  }
}
