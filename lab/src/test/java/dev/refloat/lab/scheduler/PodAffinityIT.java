package dev.refloat.lab.scheduler;

import static dev.refloat.lab.scheduler.LabelRows.label;
import static dev.refloat.lab.scheduler.LabelRows.selector;
import static dev.refloat.lab.scheduler.Row.on;
import static dev.refloat.lab.scheduler.Row.refused;

import dev.refloat.kube.Facts;
import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Which nodes a pod selects: {@code nodeSelector} and required node affinity, as the scheduler's
 * plugin NodeAffinity reads them ({@code GetRequiredNodeAffinity} in <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go">nodeaffinity.go</a>).
 */
@ExtendWith(LabExtension.class)
class PodAffinityIT {

  @Test
  void a_pod_selects_the_nodes_that_the_scheduler_takes(ControlPlane controlPlane, World world) {
    Table<PodSpec> table =
        new Table<>(
            Stream.concat(
                    Stream.concat(
                            LabelRows.all(world.names()), new FieldRows(world.names()).ofPods())
                        .map(row -> row.with(PodAffinityIT::affine)),
                    nodeSelectors())
                .toList());
    Poll poll = Poll.among(controlPlane, world, LabelRows.NODES);

    Map<String, String> refused = table.make(row -> poll.ask(row.what(), row.subject()));
    poll.awaitAnswers(
        said ->
            said.contains("node affinity/selector")
                || said.contains("[NodeAffinity]")
                || said.contains("affinity terms conflict")
                // 1.30 gives no reason for a pod that names nodes which do not exist; there may be
                // nodes of other worlds.
                || said.matches("(?s)0/\\d+ nodes are available: preemption.*"));

    table.check(
        refused,
        poll.nodesWhere((pod, _) -> Poll.isOnNode(pod)),
        poll.nodesWhere((pod, node) -> Facts.pod(pod).placement().selects(Facts.node(node))));
  }

  private static Stream<Row<PodSpec>> nodeSelectors() {
    return Stream.of(
        on("nothing", new PodSpec(), "alpha", "beta", "bare"),
        on("selector", selecting(Map.of("disk", "ssd")), "alpha"),
        on("selector of two labels", selecting(Map.of("disk", "ssd", "rack", "7")), "alpha"),
        on("selector that contradicts", selecting(Map.of("disk", "ssd", "rack", "12"))),
        on("selector, empty value", selecting(Map.of("blank", "")), "alpha"),
        on("selector, label missing", selecting(Map.of("missing", ""))),
        on("selector is text", selecting(Map.of("padded", "7"))),
        refused("selector, no label value", selecting(Map.of("disk", "a b")), "a valid label must"),
        on(
            "selector and affinity",
            with(affine(selector(label("rack", "Exists"))), Map.of("disk", "hdd")),
            "beta"),
        on(
            "selector against affinity",
            with(affine(selector(label("disk", "In", "ssd"))), Map.of("disk", "hdd"))));
  }

  private static PodSpec affine(NodeSelector required) {
    return new PodSpecBuilder()
        .withNewAffinity()
        .withNewNodeAffinity()
        .withRequiredDuringSchedulingIgnoredDuringExecution(required)
        .endNodeAffinity()
        .endAffinity()
        .build();
  }

  private static PodSpec selecting(Map<String, String> labels) {
    return with(new PodSpec(), labels);
  }

  private static PodSpec with(PodSpec spec, Map<String, String> labels) {
    return new PodSpecBuilder(spec).withNodeSelector(labels).build();
  }
}
