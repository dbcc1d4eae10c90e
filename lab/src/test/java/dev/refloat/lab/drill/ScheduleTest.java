package dev.refloat.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Parsed;
import dev.refloat.settings.Settings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private final KubernetesClient client =
      new KubernetesClientBuilder().withConfig(Config.empty()).build();
  private final List<App> apps =
      Stream.of("a", "b", "c").map(name -> new App(client, "poc", name)).toList();

  @AfterEach
  void close() {
    client.close();
  }

  private static LoopGuard guard(String cooldown) {
    return switch (Settings.controller(Map.of("REFLOAT_COOLDOWN", cooldown))) {
      case Parsed.Good<ControllerSettings>(var settings) ->
          new LoopGuard(new Known("the test", settings));
      case Parsed.Bad<ControllerSettings>(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  @Test
  void the_same_seed_is_the_same_order() {
    Schedule schedule = Schedule.byChance(apps, 20, 7);

    assertThat(schedule.runs()).hasSize(20).containsAll(apps);
    assertThat(Schedule.byChance(apps, 20, 7)).isEqualTo(schedule);
    assertThat(Schedule.byChance(apps, 20, 8).runs()).isNotEqualTo(schedule.runs());
    assertThat(schedule.words()).contains("--seed 7");
  }

  @Test
  void each_app_once_does_not_meet_the_loop_guard() {
    assertThatCode(() -> guard("5m").refuseIfMet(Schedule.once(apps).runs()))
        .doesNotThrowAnyException();
  }

  @Test
  void an_app_that_comes_again_meets_the_loop_guard_unless_there_is_none() {
    List<App> again = List.of(apps.get(0), apps.get(1), apps.get(0));

    assertThatThrownBy(() -> guard("5m").refuseIfMet(again))
        .isInstanceOf(DrillRefused.class)
        .hasMessageContaining("run 3 is on a once more")
        .hasMessageContaining("5m")
        .hasMessageContaining("REFLOAT_COOLDOWN=0s");
    assertThatCode(() -> guard("0s").refuseIfMet(again)).doesNotThrowAnyException();
  }
}
