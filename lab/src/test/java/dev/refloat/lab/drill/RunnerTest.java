package dev.refloat.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Outcome;
import dev.refloat.lab.drill.run.Script;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunnerTest {

  /** Nobody is asked by these drills. */
  private final KubernetesClient client =
      new KubernetesClientBuilder().withConfig(Config.empty()).build();

  private final App app = new App(client, "poc", "app");
  private final List<String> undone = new ArrayList<>();
  private final StringWriter said = new StringWriter();

  @AfterEach
  void close() {
    client.close();
  }

  /** A drill that changes nothing in any cluster. */
  private record Played(Consumer<Script> play) implements Drill {

    @Override
    public String name() {
      return "test";
    }

    @Override
    public String summary(App app) {
      return "something happens";
    }

    @Override
    public List<String> plan(App app) {
      return List.of();
    }

    @Override
    public void refuseIfUnsafe(App app) {}

    @Override
    public boolean changesSomething() {
      return false;
    }

    @Override
    public void play(App app, Script script) {
      play.accept(script);
    }
  }

  private List<Outcome> run(int times, Consumer<Script> play) {
    return new Runner(
            new Played(play),
            new Narrator(new PrintWriter(said), false),
            InstantSource.system(),
            Duration.ofSeconds(1))
        .playAll(Collections.nCopies(times, app));
  }

  private void change(Script script) {
    script.change("it is back", "kubectl", () -> undone.add("undone"), () -> {});
  }

  @Test
  void a_run_is_undone_when_it_is_over() {
    List<Outcome> outcomes =
        run(
            1,
            script -> {
              script.phase("Baseline");
              change(script);
              script.same("it is well", "well", "well");
            });

    assertThat(outcomes).singleElement().matches(Outcome::passed);
    assertThat(undone).hasSize(1);
  }

  @Test
  void a_drill_that_breaks_is_undone_and_the_runs_after_it_are_played() {
    List<Outcome> outcomes =
        run(
            2,
            script -> {
              change(script);
              throw new IllegalStateException("nobody thought of that");
            });

    assertThat(outcomes).hasSize(2).noneMatch(Outcome::passed);
    assertThat(outcomes.getFirst().trouble())
        .get()
        .asString()
        .contains("the drill itself is broken", "nobody thought of that");
    assertThat(undone).hasSize(2);
  }

  @Test
  void what_could_not_be_undone_does_not_hide_what_went_wrong_before() {
    List<Outcome> outcomes =
        run(
            1,
            script -> {
              script.change(
                  "node-1 takes pods again",
                  "kubectl uncordon node-1",
                  () -> {
                    throw new IllegalStateException("no answer");
                  },
                  () -> {});
              throw new DrillStopped("cannot go on");
            });

    assertThat(outcomes.getFirst().trouble())
        .get()
        .asString()
        .contains("cannot go on", "could not be undone", "By hand: kubectl uncordon node-1");
  }
}
