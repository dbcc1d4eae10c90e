package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.refloat.lab.OnRealNodes;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drills as an operator runs them, on real nodes with our webhook and our controller: they pass,
 * they undo what they did, and they refuse to do harm.
 */
@OnRealNodes
@ExtendWith(Lab.SharedWithRealNodes.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrillsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Lab lab;
  private Scene scene;
  private World world;
  private Operators operators;

  @BeforeAll
  void runningApps(Lab shared) {
    lab = shared;
    scene = Scene.onRealNodes(lab, "drills");
    world = scene.world().patience(PATIENCE);
    operators = new Operators(lab.controlPlane(), world.namespace());
    scene.controller();
  }

  @AfterAll
  void close() {
    scene.close();
  }

  private static LabStatefulSet app(String name) {
    return Scene.plain(name)
        .annotation("refloat.dev/recover", "node-gone,node-cordoned,node-tainted")
        .annotation("refloat.dev/after", "1s");
  }

  /** Nothing of a drill is left: no cordon, no taint, no decoys, no files, and the app is well. */
  private void assertNothingIsLeft(String app) {
    for (String name : List.of("n1", "n2", "n3")) {
      Node node = world.node(name).orElseThrow();
      assertThat(node.getSpec().getUnschedulable()).as("%s is cordoned", name).isNotEqualTo(true);
      assertThat(node.getSpec().getTaints())
          .as("taints of %s", name)
          .noneMatch(taint -> taint.getKey().startsWith("drill."));
    }
    assertThat(
            scene
                .client()
                .apps()
                .statefulSets()
                .inNamespace(world.namespace())
                .withLabel("drill.refloat.dev/decoy")
                .list()
                .getItems())
        .isEmpty();
    Pod pod = world.pod(app + "-0").orElseThrow();
    assertThat(Scene.isReady(pod)).as("%s is Ready", app).isTrue();
    Path data =
        world
            .machine(world.nodeOf(app + "-0").orElseThrow())
            .disk()
            .resolve(scene.volumeOf("data-" + app + "-0"));
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".refloat-drill"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String claimUid(String app) {
    return scene.claimUid("data-" + app + "-0");
  }

  @Test
  void persistence_finds_the_data_where_it_was() {
    scene.running(app("lasting"));
    String claim = claimUid("lasting");
    String pod = world.pod("lasting-0").orElseThrow().getMetadata().getUid();

    Operators.Drill drill = operators.run("persistence", "--app", "lasting");

    drill.assertPassed();
    assertThat(drill.output())
        .containsPattern("PASS  it is on the same node")
        .containsPattern("PASS  its files are identical")
        .containsPattern("PASS  its file system takes files");
    assertThat(world.pod("lasting-0").orElseThrow().getMetadata().getUid()).isNotEqualTo(pod);
    assertThat(claimUid("lasting")).isEqualTo(claim);
    assertNothingIsLeft("lasting");
  }

  @Test
  void scaling_to_nothing_and_back_finds_the_data_where_it_was() {
    scene.running(app("scaled"));
    String claim = claimUid("scaled");

    Operators.Drill drill = operators.run("scaling", "--app", "scaled");

    drill.assertPassed();
    assertThat(drill.output())
        .containsPattern("PASS  its pods are gone")
        .containsPattern("PASS  its files are identical");
    assertThat(claimUid("scaled")).isEqualTo(claim);
    assertNothingIsLeft("scaled");
  }

  @Test
  void a_node_that_fails_is_seen_and_the_app_gets_afloat_elsewhere(@TempDir Path folder)
      throws IOException {
    scene.running(app("failing")).running(app("beside"));
    String home = world.nodeOf("failing-0").orElseThrow();
    String beside = world.pod("beside-0").orElseThrow().getMetadata().getUid();
    Path page = folder.resolve("drill.html");

    Operators.Drill drill =
        operators.run("node-failure", "--app", "failing", "--report", page.toString());

    drill.assertPassed();
    assertThat(drill.output())
        .containsPattern("PASS  Refloat has seen it +GracePeriod: holding failing-0")
        .containsPattern("PASS  the data of before is kept")
        .containsPattern("PASS  it is held when .* fails at once as well +Cooldown:");
    assertThat(world.nodeOf("failing-0")).isNotEqualTo(Optional.of(home));
    assertThat(world.pod("beside-0").orElseThrow().getMetadata().getUid()).isEqualTo(beside);
    assertNothingIsLeft("failing");
    JsonNode json =
        new ObjectMapper().readTree(Files.readString(folder.resolve("drill.html.json")));
    assertThat(json.path("result").asText()).isEqualTo("PASS");
    assertThat(json.path("runs").path(0).path("moments")).hasSize(6);
    assertThat(Files.readString(page)).contains("<svg").contains("GracePeriod: holding failing-0");

    // WHEN it is tried again at once, THEN the loop guard is met before anything is done.
    Operators.Drill again = operators.run("node-failure", "--app", "failing");
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.errors())
        .contains("the loop guard holds failing-0")
        .contains("REFLOAT_COOLDOWN");
  }

  @Test
  void a_node_can_fail_by_a_taint_and_by_its_Node_deleted() {
    scene.running(app("tainted")).running(app("deleted"));

    operators.run("node-failure", "--app", "tainted", "--by", "taint").assertPassed();
    assertNothingIsLeft("tainted");
    // Others of this class may be on that node.
    operators.run("node-failure", "--app", "deleted", "--delete-node", "--yes").assertPassed();
    assertNothingIsLeft("deleted");
  }

  @Test
  void decoys_are_left_alone_and_what_is_stranded_is_not() {
    scene.running(app("watched"));
    String pod = world.pod("watched-0").orElseThrow().getMetadata().getUid();

    Operators.Drill drill = operators.run("operator", "--app", "watched");

    drill.assertPassed();
    assertThat(drill.output())
        .containsPattern("PASS  detection accuracy +5 of 5 left alone \\(100 %\\)")
        .containsPattern("PASS  refloat-drill-afloat-0 is refloated")
        .containsPattern("PASS  refloat-controller may not: get secrets");
    assertThat(world.pod("watched-0").orElseThrow().getMetadata().getUid()).isEqualTo(pod);
    assertNothingIsLeft("watched");
  }

  @Test
  void affinity_tells_where_pods_could_go_and_why_an_opt_in_has_no_effect() {
    scene.running(app("fine")).running(Scene.plain("reluctant"));

    Operators.Drill drill = operators.run("affinity", "--app", "fine", "--app", "reluctant");

    assertThat(drill.status()).isEqualTo(1);
    assertThat(drill.output())
        .containsPattern("fine-0 +\\S+-n\\d +fine +pvc-\\S+ +\\S+-n\\d +\\S+-n\\d, \\S+-n\\d")
        .contains("PASS  affinity on fine")
        .contains("FAIL  affinity on reluctant")
        .contains("not opted in: no refloat.dev/recover")
        .contains("1 of 2 runs passed (50 %)");
  }

  @Test
  void several_runs_on_one_app_are_refused_while_there_is_a_cooldown() {
    scene.running(app("often"));

    Operators.Drill drill = operators.run("node-failure", "--app", "often", "--times", "2");

    assertThat(drill.status()).isEqualTo(2);
    assertThat(drill.errors())
        .contains("run 2 is on often once more, and the loop guard would hold it")
        .contains("REFLOAT_COOLDOWN=0s");
    assertThat(
            operators.run("persistence", "--app", "often", "--times", "2", "--seed", "1").output())
        .contains("--seed 1")
        .contains("2 of 2 runs passed (100 %); more than 95 % must");
  }

  @Test
  void nothing_is_done_where_it_could_do_harm() throws IOException {
    scene.running(Scene.plain("unwilling")).running(app("willing"));
    String pod = world.pod("willing-0").orElseThrow().getMetadata().getUid();

    assertRefused("unwilling has not opted in", "node-failure", "--app", "unwilling");
    assertRefused("there is no StatefulSet nobody", "persistence", "--app", "nobody");
    assertRefused("expected either --all-apps or --app", "persistence");
    assertRefused("\"sideways\" is no drill", "sideways", "--app", "willing");
    assertRefused(
        "power fails in the lab only", "node-failure", "--app", "willing", "--by", "power-off");
    assertRefused(
        "which --timeout 10s does not wait for",
        "node-failure",
        "--app",
        "willing",
        "--timeout",
        "10s");
    String home = world.nodeOf("willing-0").orElseThrow();
    world.cordon(home);
    assertRefused("takes no pods as it is", "node-failure", "--app", "willing");
    scene.everywhere();
    scene.onlyOn(home);
    assertRefused("there is nowhere to go", "operator", "--app", "willing");
    scene.everywhere();
    scene.running(
        Scene.plain("neighbour")
            .annotation("refloat.dev/recover", "true")
            .podSpec(
                spec ->
                    spec.withNodeName(null)
                        .addToNodeSelector(
                            "kubernetes.io/hostname", world.names().clusterWide(home))));
    assertRefused("/neighbour-0", "node-failure", "--app", "willing", "--delete-node");
    Operators.Drill live = operators.inContext("prod-eu").run("persistence", "--app", "willing");
    assertThat(live.status()).isEqualTo(2);
    assertThat(live.errors()).contains("the context \"prod-eu\" looks like production");

    Operators.Drill nowhere =
        operators.run("persistence", "--app", "willing", "--context", "stagin");
    assertThat(nowhere.status()).isEqualTo(2);
    assertThat(nowhere.errors())
        .contains("there is no context \"stagin\" in the kubeconfig; there are: refloat-lab");
    assertRefused("unwilling has not opted in", "persistence", "--app", "unwilling");
    assertRefused("unwilling has not opted in", "scaling", "--app", "unwilling");
    scene.running(app("careless").annotation("refloat.dev/data", "discard"));
    assertRefused("would destroy its data", "node-failure", "--app", "careless");

    Operators.Drill plan = operators.run("node-failure", "--app", "willing", "--plan");
    assertThat(plan.status()).isZero();
    assertThat(plan.output())
        .contains("is cordoned; delete willing-0 without grace")
        .contains("willing-0 starts on an EMPTY volume afterwards");
    assertThat(world.pod("willing-0").orElseThrow().getMetadata().getUid()).isEqualTo(pod);
  }

  private void assertRefused(String why, String... arguments) {
    Operators.Drill drill = operators.run(arguments);
    assertThat(drill.status()).as("%s%n%s", String.join(" ", arguments), drill).isEqualTo(2);
    assertThat(drill.errors()).contains("Not done: ").contains(why);
  }

  @Test
  void Ctrl_C_undoes_what_was_done(@TempDir Path folder) throws Exception {
    scene.running(app("interrupted").annotation("refloat.dev/after", "1h"));
    String home = world.nodeOf("interrupted-0").orElseThrow();
    Path said = folder.resolve("said");
    Process drill =
        operators.start(said, "node-failure", "--app", "interrupted", "--timeout", "2h");
    Await.within(PATIENCE)
        .until(
            "the node is cordoned",
            () -> world.node(home).orElseThrow(),
            node -> Boolean.TRUE.equals(node.getSpec().getUnschedulable()));

    drill
        .destroy(); // SIGTERM: to a JVM the same as Ctrl-C, which a background process may not hear

    assertThat(drill.waitFor()).isNotZero();
    assertThat(Files.readString(said))
        .contains("Interrupted. What was done is undone now")
        .containsPattern("undo +\\S+ takes pods again")
        .containsPattern("undo +the files of the drill are removed");
    world.awaitReady("interrupted-0");
    assertNothingIsLeft("interrupted");
  }
}
