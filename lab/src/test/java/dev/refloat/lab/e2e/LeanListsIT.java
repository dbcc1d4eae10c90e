package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.kube.Facts;
import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.World;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.Heartbeat;
import dev.refloat.lean.LeanLists;
import dev.refloat.lean.ListRequest;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.PodMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class LeanListsIT {

  private static final Instant RENEWED = Instant.parse("2026-11-23T10:00:00.123456Z");

  @Test
  void heartbeats_of_more_nodes_than_fit_a_page_come_complete_and_compressed(
      ControlPlane controlPlane) {
    KubernetesClient client = controlPlane.client();
    List<Lease> leases =
        IntStream.range(0, 1_100).mapToObj(i -> lease("lean-lists-it-" + i)).toList();
    try {
      leases.parallelStream().forEach(lease -> client.resource(lease).create());

      List<Heartbeat> ours =
          new LeanLists(client)
              .heartbeats().stream()
                  .filter(beat -> beat.node().startsWith("lean-lists-it-"))
                  .toList();

      assertThat(ours).hasSize(leases.size()).doesNotHaveDuplicates();
      assertThat(ours).extracting(Heartbeat::renewedAt).containsOnly(RENEWED);
    } finally {
      client.leases().inNamespace("kube-node-lease").withLabel("lean-lists-it").delete();
    }
  }

  @Test
  void pods_come_without_what_nobody_asked_for_and_with_a_version_to_watch_from(
      ControlPlane controlPlane, World world) {
    controlPlane
        .client()
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName("one")
                .withNamespace(world.namespace())
                .addToLabels("which", "this")
                .addToAnnotations("refloat.dev/recover", "true")
                .endMetadata()
                .withNewSpec()
                .addToNodeSelector(Map.of("there-is", "no-such-node"))
                .addNewContainer()
                .withName("app")
                .withImage("lab.invalid/app")
                .endContainer()
                .endSpec()
                .build())
        .create();

    var listed =
        new LeanLists(controlPlane.client())
            .pods(
                ListRequest.pods(
                    Optional.of(world.namespace()),
                    "which=this",
                    "status.phase=Pending,spec.nodeName=",
                    Freshness.LATEST),
                Optional::of);

    assertThat(listed.resourceVersion()).matches("[0-9]+");
    assertThat(listed.items())
        .singleElement()
        .satisfies(
            pod -> {
              assertThat(pod.id().name()).isEqualTo("one");
              assertThat(pod.id().uid()).isNotEmpty();
              assertThat(pod.annotations()).containsEntry("refloat.dev/recover", "true");
              assertThat(pod.deletionDue()).isEmpty();
              assertThat(pod.createdAt()).isAfter(Instant.EPOCH);
            })
        .isInstanceOf(PodMetadata.class);
  }

  @Test
  void pods_of_a_namespace_are_kept_as_the_same_records_that_whole_objects_give_over_all_pages(
      ControlPlane controlPlane, World world) {
    KubernetesClient client = controlPlane.client();
    IntStream.range(0, 600)
        .parallel()
        .forEach(i -> client.resource(demanding("pod-" + i, world.namespace())).create());

    // Nobody writes to what waits for a gate, so that both lists are of the same versions.
    assertThat(new LeanLists(client).podsOf(world.namespace()))
        .hasSize(600)
        .containsExactlyInAnyOrderElementsOf(
            client.pods().inNamespace(world.namespace()).list().getItems().stream()
                .map(Facts::pod)
                .toList());
  }

  @Test
  void pods_of_a_namespace_without_any_are_none(ControlPlane controlPlane, World world) {
    assertThat(new LeanLists(controlPlane.client()).podsOf(world.namespace())).isEmpty();
  }

  @Test
  void nodes_are_kept_as_the_same_records_that_whole_objects_give(
      ControlPlane controlPlane, World world) {
    KubernetesClient client = controlPlane.client();
    world.add(
        LabNode.named("plain"), LabNode.named("marked").taint("example.com/a", "", "NoSchedule"));

    // kwok writes heartbeats into a Node, of which no record tells.
    assertThat(named(world, new LeanLists(client).nodes(UnaryOperator.identity())))
        .hasSize(2)
        .containsExactlyInAnyOrderElementsOf(
            named(world, client.nodes().list().getItems().stream().map(Facts::node).toList()));
  }

  /** Other tests have nodes of their own, which come and go. */
  private static List<Node> named(World world, List<Node> nodes) {
    Set<String> ours =
        Set.of(world.names().clusterWide("plain"), world.names().clusterWide("marked"));
    return nodes.stream().filter(node -> ours.contains(node.name())).toList();
  }

  /** A pod with something of everything that is decided about; it waits for a gate. */
  static Pod demanding(String name, String namespace) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("refloat.dev/none", "of-it")
        .addToAnnotations("example.com/owner", name)
        .endMetadata()
        .withNewSpec()
        .addNewSchedulingGate("example.com/never")
        .addToNodeSelector("disk", "fast")
        .addNewToleration()
        .withKey("example.com/a")
        .withOperator("Exists")
        .endToleration()
        .withNewAffinity()
        .withNewNodeAffinity()
        .withNewRequiredDuringSchedulingIgnoredDuringExecution()
        .addNewNodeSelectorTerm()
        .addNewMatchExpression()
        .withKey("zone")
        .withOperator("In")
        .withValues("a", "b")
        .endMatchExpression()
        .endNodeSelectorTerm()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endNodeAffinity()
        .endAffinity()
        .addNewVolume()
        .withName("data")
        .withNewPersistentVolumeClaim("data-" + name, false)
        .endVolume()
        .addNewContainer()
        .withName("app")
        .withImage("lab.invalid/app")
        .endContainer()
        .endSpec()
        .build();
  }

  @Test
  void S47_a_refusal_is_the_API_servers_own_sentence_with_its_code(
      ControlPlane controlPlane, World world) {
    try (KubernetesClient nobody =
        Clients.sendingOnce(controlPlane.kubeconfigFor(world.namespace(), "default"))) {
      assertThatThrownBy(() -> new LeanLists(nobody).heartbeats())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403))
          .hasMessageContaining("cannot list resource");
    }
  }

  private static Lease lease(String node) {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace("kube-node-lease")
        .withName(node)
        .addToLabels("lean-lists-it", "true")
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(node)
        .withLeaseDurationSeconds(40)
        .withRenewTime(RENEWED.atZone(ZoneOffset.UTC))
        .endSpec()
        .build();
  }
}
