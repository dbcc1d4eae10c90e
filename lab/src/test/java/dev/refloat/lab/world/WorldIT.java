package dev.refloat.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.controlplane.OwnControlPlane;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class WorldIT {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static LabStorageClass dynamic(ReclaimPolicy policy) {
    return new LabStorageClass.Dynamic("fast", policy);
  }

  private static World withSetOnTwoNodes(World world, ReclaimPolicy policy) {
    world
        .add(LabNode.named("a"), LabNode.named("b"))
        .add(dynamic(policy))
        .add(LabStatefulSet.named("db").claim("data", "fast"));
    world.awaitReady("db-0");
    return world;
  }

  @Test
  void pods_with_dynamic_local_volumes_become_ready(World world) {
    world
        .add(LabNode.named("a"), LabNode.named("b"))
        .add(dynamic(ReclaimPolicy.DELETE))
        .add(LabStatefulSet.named("db").replicas(3).claim("data", "fast"));

    for (int ordinal = 0; ordinal < 3; ordinal++) {
      world.awaitReady("db-" + ordinal);
      world.awaitBound("data-db-" + ordinal);
      PersistentVolume volume = world.volumeOf("data-db-" + ordinal).orElseThrow();
      assertThat(volume.getSpec().getLocal()).isNotNull();
      assertThat(volume.getSpec().getPersistentVolumeReclaimPolicy()).isEqualTo("Delete");
      assertThat(volume.getMetadata().getAnnotations())
          .containsEntry("pv.kubernetes.io/provisioned-by", World.PROVISIONER);
    }
  }

  @Test
  void a_pod_of_a_lost_node_is_stranded(World world) {
    withSetOnTwoNodes(world, ReclaimPolicy.DELETE);
    String node = world.nodeOf("db-0").orElseThrow();

    world.nodeLost(node);

    Pod stranded = world.awaitUnschedulable("db-0");
    assertThat(stranded.getStatus().getPhase()).isEqualTo("Pending");
    assertThat(stranded.getSpec().getNodeName()).isNull();
    assertThat(world.volumeOf("data-db-0")).isPresent();
  }

  @Test
  void the_volume_of_a_lost_node_is_cleaned_up_by_nobody_until_the_node_returns(World world) {
    withSetOnTwoNodes(world, ReclaimPolicy.DELETE);
    String node = world.nodeOf("db-0").orElseThrow();
    String volume = world.volumeOf("data-db-0").orElseThrow().getMetadata().getName();
    world.nodeLost(node);
    world.awaitUnschedulable("db-0");

    world.deleteClaim("data-db-0");
    world.awaitReady("db-0");
    assertThat(world.volumeInCluster(volume))
        .map(found -> found.getStatus().getPhase())
        .contains("Released");

    world.nodeReturns(node);
    await().atMost(PATIENCE).until(() -> world.volumeInCluster(volume).isEmpty());
  }

  @Test
  void a_retained_volume_stays_when_its_claim_is_gone(World world) {
    withSetOnTwoNodes(world, ReclaimPolicy.RETAIN);
    String node = world.nodeOf("db-0").orElseThrow();
    String volume = world.volumeOf("data-db-0").orElseThrow().getMetadata().getName();
    world.nodeLost(node);
    world.awaitUnschedulable("db-0");

    world.deleteClaim("data-db-0");
    world.awaitReady("db-0");
    world.nodeReturns(node);

    await()
        .during(Duration.ofSeconds(2))
        .atMost(PATIENCE)
        .until(
            () ->
                world
                    .volumeInCluster(volume)
                    .map(found -> found.getStatus().getPhase())
                    .equals(Optional.of("Released")));
  }

  @Test
  void a_returned_node_takes_its_pod_back(World world) {
    withSetOnTwoNodes(world, ReclaimPolicy.DELETE);
    String node = world.nodeOf("db-0").orElseThrow();
    world.nodeLost(node);
    world.awaitUnschedulable("db-0");

    world.nodeReturns(node);

    world.awaitReady("db-0");
    assertThat(world.nodeOf("db-0")).contains(node);
  }

  @Test
  void a_static_volume_pins_by_hostname_and_not_by_the_nodes_name(World world) {
    world
        .add(LabNode.named("a").hostname("host-of-a"), LabNode.named("host-of-b"))
        .add(new LabStorageClass.Static("disks"))
        .add(LocalVolume.on("host-of-a", "disk-1", "disks"))
        .add(LabStatefulSet.named("db").claim("data", "disks"));

    world.awaitReady("db-0");

    assertThat(world.nodeOf("db-0")).contains("a");
    assertThat(world.volumeOf("data-db-0"))
        .map(volume -> volume.getMetadata().getName())
        .contains(world.names().clusterWide("disk-1"));
  }

  @Test
  void a_cordoned_or_full_node_takes_no_pod(World world) {
    world.add(LabNode.named("small").cpu("1"), LabNode.named("closed"));
    world.cordon("closed");
    world.add(LabStatefulSet.named("big").cpu("2"));

    world.awaitUnschedulable("big-0");

    world.uncordon("closed");
    world.awaitReady("big-0");
  }

  @Test
  void worlds_on_one_control_plane_do_not_mix(ControlPlane controlPlane, World world) {
    try (World other = World.create(controlPlane, "other")) {
      other.add(LabNode.named("a"));
      world.add(LabStatefulSet.named("db"));

      world.awaitUnschedulable("db-0");
    }
  }

  @Test
  void kwok_may_delete_a_pod_only_that_is_being_deleted(ControlPlane controlPlane, World world) {
    assumeThat(controlPlane).isInstanceOf(OwnControlPlane.class);
    world
        .add(LabNode.named("a"))
        .add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE))
        .add(LabStatefulSet.named("db").claim("data", "fast"));
    world.awaitReady("db-0");

    try (KubernetesClient kwok =
        Clients.inTheNameOf(controlPlane.adminKubeconfig(), "refloat-lab:kwok")) {
      assertThatThrownBy(
              () ->
                  kwok.pods()
                      .inNamespace(world.namespace())
                      .withName("db-0")
                      .withGracePeriod(0)
                      .delete())
          .isInstanceOf(KubernetesClientException.class)
          .hasMessageContaining("kwok means its predecessor");
    }
  }

  @Test
  void what_did_not_happen_is_told_with_the_last_state(World world) {
    world.add(LabNode.named("a")).add(LabStatefulSet.named("db").claim("data", "no-such-class"));
    world.awaitUnschedulable("db-0");

    assertThatThrownBy(() -> world.patience(Duration.ofMillis(100)).awaitReady("db-0"))
        .hasMessageContaining("db-0 is Ready")
        .hasMessageContaining("Pending")
        .hasMessageContaining("PodScheduled=False")
        .hasMessageContaining("claim data-db-0");
  }

  @Test
  void a_world_that_is_closed_takes_its_objects_with_it(ControlPlane controlPlane) {
    String namespace;
    try (World world = World.create(controlPlane, "short")) {
      namespace = world.namespace();
      withSetOnTwoNodes(world, ReclaimPolicy.DELETE);
    }

    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                controlPlane.client().namespaces().withName(namespace).get() == null
                    && controlPlane
                        .client()
                        .persistentVolumes()
                        .withLabel(World.LABEL, namespace)
                        .list()
                        .getItems()
                        .isEmpty()
                    && controlPlane
                        .client()
                        .nodes()
                        .withLabel(World.LABEL, namespace)
                        .list()
                        .getItems()
                        .isEmpty());
  }
}
