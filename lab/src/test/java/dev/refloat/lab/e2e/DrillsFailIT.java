package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.OnRealNodes;
import dev.refloat.lab.world.LabStatefulSet;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Drills fail, and say why, where Refloat does not do what it is for. */
@OnRealNodes
@ExtendWith(Lab.SharedWithRealNodes.class)
class DrillsFailIT {

  private Lab lab;
  private Scene scene;
  private Operators operators;

  @BeforeEach
  void onRealNodes(Lab shared, TestInfo test) {
    lab = shared;
    String name = test.getTestMethod().orElseThrow().getName();
    scene = Scene.onRealNodes(lab, name.substring(0, name.indexOf('_')));
    scene.world().patience(Duration.ofSeconds(60));
    operators = new Operators(lab.controlPlane(), scene.world().namespace());
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static LabStatefulSet app() {
    return Scene.plain("app")
        .annotation("refloat.dev/recover", "node-cordoned")
        .annotation("refloat.dev/after", "0s");
  }

  private void assertWellAgain(String claim) {
    scene.world().awaitReady("app-0");
    assertThat(scene.claimUid("data-app-0")).isEqualTo(claim);
  }

  @Test
  void absent_controller_is_missed_by_a_node_failure() {
    scene.running(app());
    String claim = scene.claimUid("data-app-0");

    Operators.Drill drill = operators.run("node-failure", "--app", "app");

    assertThat(drill.status()).isEqualTo(1);
    assertThat(drill.output())
        .contains("FAIL  Refloat has seen it")
        .contains("no Event; does its controller run, without DRY_RUN, and watch this namespace?")
        .contains("undo  ")
        .contains("PASS  app is well")
        .contains("0 of 1 runs passed (0 %)");
    assertWellAgain(claim);
  }

  @Test
  void rehearsing_controller_is_found_out_by_a_node_failure() {
    scene.controller("DRY_RUN", "true");
    scene.running(app());
    String claim = scene.claimUid("data-app-0");

    Operators.Drill drill = operators.run("node-failure", "--app", "app");

    assertThat(drill.status()).isEqualTo(1);
    assertThat(drill.output()).contains("FAIL  Refloat has seen it").contains("without DRY_RUN");
    assertWellAgain(claim);
  }

  @Test
  void mislabelled_pods_are_found_out_by_every_drill_that_makes_one() {
    scene.controller();
    lab.installation()
        .whileUnregistered(
            scene.world().namespace(),
            () -> {
              scene.running(app().label("refloat.dev/local-storage", "yes"));
              String claim = scene.claimUid("data-app-0");

              Operators.Drill failure = operators.run("node-failure", "--app", "app");
              Operators.Drill persistence = operators.run("persistence", "--app", "app");

              assertThat(failure.status()).isEqualTo(1);
              assertThat(failure.output())
                  .contains("FAIL  the webhook has labelled it")
                  .contains("seen:     yes")
                  .contains("FAIL  Refloat has seen it");
              assertThat(persistence.status()).isEqualTo(1);
              assertThat(persistence.output())
                  .contains("FAIL  the webhook has labelled it")
                  .contains("PASS  its files are identical");
              assertWellAgain(claim);
            });
  }

  @Test
  void deaf_controller_is_found_out_by_the_decoys() {
    scene.controller("WATCHED_NAMESPACES", "somewhere-else");
    scene.running(app());

    Operators.Drill drill = operators.run("operator", "--app", "app");

    assertThat(drill.status()).isEqualTo(1);
    assertThat(drill.output())
        .contains("FAIL  Refloat says why it leaves it alone")
        .contains("FAIL  refloat-drill-afloat-0 is refloated")
        .contains("undo  the decoys are gone, with their claims");
  }
}
