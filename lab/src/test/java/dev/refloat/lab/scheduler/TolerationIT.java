package dev.refloat.lab.scheduler;

import static dev.refloat.lab.scheduler.Row.on;
import static dev.refloat.lab.scheduler.Row.refused;

import dev.refloat.kube.Facts;
import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.World;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.Placement;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which taints a pod bears, as the scheduler's plugin TaintToleration reads them ({@code
 * ToleratesTaint} in <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/api/core/v1/toleration.go">toleration.go</a>).
 */
@ExtendWith(LabExtension.class)
class TolerationIT {

  private static final List<LabNode> NODES =
      List.of(
          LabNode.named("plain"),
          LabNode.named("soft").taint("for", "db", "PreferNoSchedule"),
          LabNode.named("closed").taint("for", "db", "NoSchedule"),
          LabNode.named("blank").taint("for", "", "NoSchedule"),
          LabNode.named("evicts").taint("for", "db", "NoExecute"),
          LabNode.named("twice")
              .taint("for", "db", "NoSchedule")
              .taint("gpu", "yes", "NoSchedule"));

  private static Stream<Row<List<Toleration>>> rows() {
    return Stream.of(
        on("nothing", List.of(), "plain", "soft"),
        on("Equal", List.of(equal("for", "db", "NoSchedule")), "plain", "soft", "closed"),
        on(
            "Equal is the default",
            List.of(bears("for", null, "db", "NoSchedule")),
            "plain",
            "soft",
            "closed"),
        on("Equal, another value", List.of(equal("for", "web", "NoSchedule")), "plain", "soft"),
        on("Equal, another key", List.of(equal("For", "db", "NoSchedule")), "plain", "soft"),
        on("Equal, no value", List.of(equal("for", null, "NoSchedule")), "plain", "soft", "blank"),
        on(
            "Equal, no effect",
            List.of(equal("for", "db", null)),
            "plain",
            "soft",
            "closed",
            "evicts"),
        on(
            "Equal, softer effect",
            List.of(equal("for", "db", "PreferNoSchedule")),
            "plain",
            "soft"),
        on("Exists", List.of(exists("for", "NoSchedule")), "plain", "soft", "closed", "blank"),
        on(
            "Exists, no effect",
            List.of(exists("for", null)),
            "plain",
            "soft",
            "closed",
            "blank",
            "evicts"),
        on("Exists, NoExecute", List.of(exists("for", "NoExecute")), "plain", "soft", "evicts"),
        on(
            "Exists, NoExecute for an hour",
            List.of(
                new TolerationBuilder(exists("for", "NoExecute"))
                    .withTolerationSeconds(3600L)
                    .build()),
            "plain",
            "soft",
            "evicts"),
        on(
            "Exists, no key",
            List.of(exists(null, "NoSchedule")),
            "plain",
            "soft",
            "closed",
            "blank",
            "twice"),
        on(
            "Exists, no key, NoExecute",
            List.of(exists(null, "NoExecute")),
            "plain",
            "soft",
            "evicts"),
        on(
            "Exists, neither key nor effect",
            List.of(exists(null, null)),
            "plain",
            "soft",
            "closed",
            "blank",
            "evicts",
            "twice"),
        on("one of two", List.of(exists("gpu", "NoSchedule")), "plain", "soft"),
        on(
            "both of two",
            List.of(exists("gpu", null), equal("for", "db", "NoSchedule")),
            "plain",
            "soft",
            "closed",
            "twice"),
        on(
            "two that are each half right",
            List.of(equal("for", "web", "NoSchedule"), equal("for", "db", "NoExecute")),
            "plain",
            "soft",
            "evicts"),
        refused(
            "Equal, no key",
            List.of(equal(null, "db", "NoSchedule")),
            "operator must be Exists when `key` is empty"),
        refused(
            "Exists with a value",
            List.of(bears("for", "Exists", "db", "NoSchedule")),
            "value must be empty when `operator` is 'Exists'"),
        refused(
            "no such operator",
            List.of(bears("for", "Like", "db", "NoSchedule")),
            "Unsupported value"),
        refused(
            "Gt, which is alpha",
            List.of(bears("for", "Gt", "5", "NoSchedule")),
            "Unsupported value"),
        refused("no such effect", List.of(exists("for", "Never")), "Unsupported value"),
        refused(
            "for an hour, NoSchedule",
            List.of(
                new TolerationBuilder(exists("for", "NoSchedule"))
                    .withTolerationSeconds(3600L)
                    .build()),
            "effect must be 'NoExecute'"));
  }

  @Test
  void a_pod_bears_the_taints_that_the_scheduler_lets_it_bear(
      ControlPlane controlPlane, World world) {
    Table<PodSpec> table =
        new Table<>(
            rows()
                .map(row -> row.with(each -> new PodSpecBuilder().withTolerations(each).build()))
                .toList());
    Poll poll = Poll.among(controlPlane, world, NODES);

    Map<String, String> refused = table.make(row -> poll.ask(row.what(), row.subject()));
    poll.awaitAnswers(said -> said.contains("untolerated taint"));

    table.check(
        refused,
        poll.nodesWhere((pod, _) -> Poll.isOnNode(pod)),
        poll.nodesWhere((pod, node) -> bearsAll(Facts.pod(pod).placement(), Facts.node(node))));
  }

  private static boolean bearsAll(Placement placement, Node node) {
    return node.taints().stream().filter(Node.Taint::repels).allMatch(placement::tolerates);
  }

  private static Toleration equal(
      @Nullable String key, @Nullable String value, @Nullable String effect) {
    return bears(key, "Equal", value, effect);
  }

  private static Toleration exists(@Nullable String key, @Nullable String effect) {
    return bears(key, "Exists", null, effect);
  }

  private static Toleration bears(
      @Nullable String key,
      @Nullable String operator,
      @Nullable String value,
      @Nullable String effect) {
    return new TolerationBuilder()
        .withKey(key)
        .withOperator(operator)
        .withValue(value)
        .withEffect(effect)
        .build();
  }
}
