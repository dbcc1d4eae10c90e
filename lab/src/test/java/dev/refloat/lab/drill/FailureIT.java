package dev.refloat.lab.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.lab.OnRealNodes;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.drill.run.Narrator;
import dev.refloat.lab.drill.run.Script;
import dev.refloat.lab.drill.run.Undo;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each failure is one to Kubernetes, and is none any more when it is undone. */
@OnRealNodes
class FailureIT {

  private final StringWriter said = new StringWriter();
  private final Narrator narrator = new Narrator(new PrintWriter(said), false);
  private final Undo undo = new Undo(narrator);
  private final Script script =
      new Script("node-failure", "app", "", narrator, InstantSource.system(), undo);
  private final List<String> switched = new ArrayList<>();

  private World world;
  private KubernetesClient client;
  private String node;

  @BeforeEach
  void oneNode(ControlPlane controlPlane, World ofTheTest) {
    world = ofTheTest.patience(Duration.ofSeconds(60)).add(LabNode.named("a").real());
    client = controlPlane.client();
    node = world.names().clusterWide("a");
  }

  @AfterEach
  void close() {
    undo.close();
  }

  private Node node() {
    return client.nodes().withName(node).get();
  }

  private boolean isReady() {
    return node().getStatus().getConditions().stream()
        .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  private final Power power =
      new Power() {
        @Override
        public void off(String name) {
          switched.add("off " + name);
          world.powerFails("a");
        }

        @Override
        public void on(String name) {
          switched.add("on " + name);
          world.nodeReturns("a");
        }
      };

  @Test
  void a_node_is_cordoned_and_takes_pods_again() {
    new Failure.Cordon().strike(client, node, script);
    assertThat(node().getSpec().getUnschedulable()).isTrue();

    assertThat(undo.all()).isEmpty();
    assertThat(node().getSpec().getUnschedulable()).isNull();
  }

  @Test
  void what_somebody_else_did_is_not_for_a_drill_to_undo() {
    world.cordon("a");
    assertThatThrownBy(() -> new Failure.Cordon().strike(client, node, script))
        .isInstanceOf(DrillStopped.class)
        .hasMessageContaining("is cordoned already");

    assertThat(undo.all()).isEmpty();
    assertThat(node().getSpec().getUnschedulable()).isTrue();
  }

  @Test
  void a_Node_whose_deletion_somebody_waits_for_is_not_deleted() {
    Writes.merge(
        client.nodes().withName(node),
        "{\"metadata\":{\"finalizers\":[\"karpenter.sh/termination\"]}}");
    try {
      assertThatThrownBy(() -> new Failure.DeleteNode().refuseIfHarmful(client, node))
          .isInstanceOf(DrillRefused.class)
          .hasMessageContaining("karpenter.sh/termination");
    } finally {
      Writes.merge(client.nodes().withName(node), "{\"metadata\":{\"finalizers\":null}}");
    }
  }

  @Test
  void a_taint_is_put_beside_others_and_taken_off_from_beside_them() {
    Writes.edit(
        client.nodes().withName(node),
        found -> {
          found
              .getSpec()
              .getTaints()
              .add(
                  new TaintBuilder()
                      .withKey("somebody.else/s")
                      .withEffect("PreferNoSchedule")
                      .build());
          return found;
        });

    new Failure.Taint().strike(client, node, script);
    assertThat(node().getSpec().getTaints())
        .extracting(taint -> taint.getKey())
        .contains("somebody.else/s", "drill.refloat.dev/failed");

    assertThat(undo.all()).isEmpty();
    assertThat(node().getSpec().getTaints())
        .extracting(taint -> taint.getKey())
        .containsExactly("somebody.else/s");
  }

  @Test
  void a_deleted_Node_is_there_again_as_it_was() {
    Node before = node();

    new Failure.DeleteNode().strike(client, node, script);
    assertThat(node()).isNull();

    assertThat(undo.all()).isEmpty();
    assertThat(node().getMetadata().getUid()).isNotEqualTo(before.getMetadata().getUid());
    assertThat(node().getMetadata().getLabels()).isEqualTo(before.getMetadata().getLabels());
    assertThat(node().getSpec()).isEqualTo(before.getSpec());
  }

  @Test
  void a_machine_without_power_is_missed_and_switched_on_again() {
    new Failure.PowerOff(power, false).strike(client, node, script);
    assertThat(isReady()).isFalse();

    assertThat(undo.all()).isEmpty();
    assertThat(isReady()).isTrue();
    assertThat(switched).containsExactly("off " + node, "on " + node);
  }

  @Test
  void a_machine_that_is_off_for_good_has_no_Node_until_it_is_switched_on_again() {
    new Failure.PowerOff(power, true).strike(client, node, script);
    assertThat(node()).isNull();

    assertThat(undo.all()).isEmpty();
    assertThat(isReady()).isTrue();
  }
}
