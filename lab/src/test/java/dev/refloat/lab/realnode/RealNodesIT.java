package dev.refloat.lab.realnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.lab.OnRealNodes;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.PodShell;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can happen to a real node, and what its pods and their data make of it. */
@OnRealNodes
class RealNodesIT {

  private static final Await AWAIT = Await.seconds(60);
  private static final String POD = "db-0";
  private static final String FILE = "/data/file";

  private World world;
  private ControlPlane controlPlane;

  @BeforeEach
  void patientWorld(World world, ControlPlane controlPlane) {
    this.world = world.patience(Duration.ofSeconds(60));
    this.controlPlane = controlPlane;
  }

  private void databaseOn(LabNode... nodes) {
    world
        .add(nodes)
        .add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE))
        .add(LabStatefulSet.named("db").claim("data", "fast"));
    world.awaitReady(POD);
  }

  private String home() {
    return world.nodeOf(POD).orElseThrow();
  }

  private PodShell shell() {
    return PodShell.of(controlPlane.client(), world.namespace(), POD);
  }

  private ContainerStatus container() {
    return world.pod(POD).orElseThrow().getStatus().getContainerStatuses().getFirst();
  }

  /** The pod runs again on its node, after its container was gone. */
  private void awaitStartedAgain(String containerBefore) {
    AWAIT.until(
        "the pod has a new container that is ready",
        () -> {
          ContainerStatus now = container();
          return Boolean.TRUE.equals(now.getReady())
              && !containerBefore.equals(now.getContainerID());
        });
  }

  @Test
  void pods_write_to_local_volumes_and_find_each_other_by_name() throws IOException {
    world.add(LabNode.named("a").real(), LabNode.named("b").real(), LabNode.named("c").real());
    world
        .add(new LabStorageClass.Dynamic("fast", ReclaimPolicy.DELETE))
        .add(spread(LabStatefulSet.named("db").replicas(3).claim("data", "fast")));
    for (int ordinal = 0; ordinal < 3; ordinal++) {
      world.awaitReady("db-" + ordinal);
    }
    headlessService("db");

    shell().says("sh", "-c", "echo written > " + FILE);

    String volume = world.volumeOf("data-db-0").orElseThrow().getMetadata().getName();
    assertThat(Files.readString(world.machine(home()).disk().resolve(volume).resolve("file")))
        .isEqualTo("written\n");
    assertThat(world.nodeOf("db-1")).isNotEqualTo(world.nodeOf("db-0"));
    Pod other = world.pod("db-1").orElseThrow();
    String name = "db-1.db.%s.svc.cluster.local".formatted(world.namespace());
    AWAIT.until(
        "the name server knows the pod",
        () -> shell().tries("nslookup", name),
        answer -> answer.said().contains(other.getStatus().getPodIP()),
        PodShell.Outcome::said);
    assertThat(shell().says("ping", "-c", "1", "-W", "5", other.getStatus().getPodIP()))
        .contains("1 packets received");
  }

  private static LabStatefulSet spread(LabStatefulSet set) {
    return set.podSpec(
        spec ->
            spec.addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("DoNotSchedule")
                .withNewLabelSelector()
                .addToMatchLabels("app", set.name())
                .endLabelSelector()
                .endTopologySpreadConstraint());
  }

  private void headlessService(String name) {
    controlPlane
        .client()
        .services()
        .inNamespace(world.namespace())
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .addToSelector("app", name)
                .endSpec()
                .build())
        .create();
  }

  @Test
  void fake_and_real_nodes_stand_side_by_side() {
    world.add(
        LabNode.named("real").label("kind", "real").real(),
        LabNode.named("fake").label("kind", "fake"));
    world.add(LabStatefulSet.named("here").nodeSelector("kind", "real"));
    world.add(LabStatefulSet.named("there").nodeSelector("kind", "fake"));

    world.awaitReady("here-0");
    world.awaitReady("there-0");

    assertThat(world.nodeOf("here-0")).contains("real");
    assertThat(world.nodeOf("there-0")).contains("fake");
    Node real = world.node("real").orElseThrow();
    assertThat(real.getStatus().getNodeInfo().getContainerRuntimeVersion())
        .startsWith("containerd://");
    assertThatThrownBy(() -> world.machine("fake"))
        .hasMessageContaining("fake is no real node of this world; these are: [real]");
  }

  @Test
  void a_real_node_has_the_cpus_labels_and_taints_that_it_is_given() {
    world.add(
        LabNode.named("a")
            .cpu("500m")
            .label("zone", "z1")
            .taint("only", "gpu", "NoSchedule")
            .real());

    Node node = world.node("a").orElseThrow();
    assertThat(node.getStatus().getAllocatable()).containsEntry("cpu", new Quantity("500m"));
    assertThat(node.getMetadata().getLabels()).containsEntry("zone", "z1");
    assertThat(node.getSpec().getTaints())
        .anyMatch(taint -> taint.getKey().equals("only") && taint.getValue().equals("gpu"));
  }

  @Test
  void power_comes_back_to_the_same_disk() {
    databaseOn(LabNode.named("a").real());
    shell().says("sh", "-c", "echo kept > " + FILE);
    String before = container().getContainerID();
    String podUid = world.pod(POD).orElseThrow().getMetadata().getUid();

    world.powerFails("a");
    world.nodeReturns("a");

    awaitStartedAgain(before);
    assertThat(shell().says("cat", FILE)).isEqualTo("kept");
    assertThat(world.pod(POD).orElseThrow().getMetadata().getUid()).isEqualTo(podUid);
  }

  @Test
  void nobody_answers_on_a_machine_that_is_off() {
    world.add(LabNode.named("a").real());
    String address = world.machine("a").address();
    assertThat(ping(address)).isTrue();

    world.powerFails("a");

    assertThat(ping(address)).isFalse();
  }

  private static boolean ping(String address) {
    return Shell.run(List.of("busybox", "ping", "-c", "1", "-W", "1", address)).good();
  }

  @Test
  void a_replaced_machine_has_the_old_name_and_an_empty_disk() {
    databaseOn(LabNode.named("a").real());
    shell().says("sh", "-c", "echo lost > " + FILE);
    Path disk = world.machine("a").disk();
    assertThat(disk.toFile().list()).hasSize(1);

    world.powerFails("a");
    world.nodeReplaced("a");

    assertThat(disk.toFile().list()).isEmpty();
    var _ =
        AWAIT.until(
            "the kubelet finds no folder",
            () ->
                controlPlane
                    .client()
                    .v1()
                    .events()
                    .inNamespace(world.namespace())
                    .withField("reason", "FailedMount")
                    .list()
                    .getItems()
                    .stream()
                    .toList(),
            events -> events.stream().anyMatch(RealNodesIT::saysThatItDoesNotExist),
            Object::toString);
  }

  private static boolean saysThatItDoesNotExist(Event event) {
    return event.getMessage().contains("does not exist");
  }

  @Test
  void a_cut_cable_is_noticed_and_mended() {
    databaseOn(LabNode.named("a").real());
    String before = container().getContainerID();

    world.nodeSilent("a");
    assertThat(ready()).isEqualTo("Unknown");
    world.nodeReconnected("a");

    AWAIT.until("the container is ready", () -> Boolean.TRUE.equals(container().getReady()));
    assertThat(container().getContainerID()).as("nothing happened on the node").isEqualTo(before);
  }

  private String ready() {
    return world.node("a").orElseThrow().getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("Ready"))
        .map(condition -> condition.getStatus())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_container_goes_on_without_its_kubelet_and_without_containerd() {
    databaseOn(LabNode.named("a").real());
    shell()
        .says(
            "sh", "-c", "(while :; do date +%s > /data/clock; sleep 0.1; done) > /dev/null 2>&1 &");
    String before = container().getContainerID();
    Path clock =
        world
            .machine("a")
            .disk()
            .resolve(world.volumeOf("data-db-0").orElseThrow().getMetadata().getName())
            .resolve("clock");

    world.nodeNotReady("a");
    String then = read(clock);
    AWAIT.until("its clock goes on", () -> !read(clock).equals(then));
    world.machine("a").crash(RealNode.Part.CONTAINERD);
    String thenToo = read(clock);
    AWAIT.until("its clock goes on all the same", () -> !read(clock).equals(thenToo));
    world.machine("a").start(RealNode.Part.CONTAINERD);
    world.nodeReadyAgain("a");

    AWAIT.until("the container is ready", () -> Boolean.TRUE.equals(container().getReady()));
    assertThat(container().getContainerID()).isEqualTo(before);
    assertThat(container().getRestartCount()).isZero();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_full_disk_takes_no_more_data_until_there_is_room() {
    databaseOn(LabNode.named("a").real());

    world.machine("a").fillDisk();
    assertThat(shell().tries("sh", "-c", "echo more > " + FILE).said())
        .contains("No space left on device");

    world.machine("a").makeRoom();
    shell().says("sh", "-c", "echo more > " + FILE);
    assertThat(shell().says("cat", FILE)).isEqualTo("more");
  }

  @Test
  void a_drained_node_loses_its_pods_and_takes_none() {
    databaseOn(LabNode.named("a").real());
    String before = world.pod(POD).orElseThrow().getMetadata().getUid();

    world.drain("a");

    Pod waiting = world.awaitUnschedulable(POD);
    assertThat(waiting.getMetadata().getUid()).isNotEqualTo(before);
    world.uncordon("a");
    world.awaitReady(POD);
    assertThat(home()).isEqualTo("a");
  }

  @Test
  void a_deleted_volume_is_wiped_from_the_disk() {
    databaseOn(LabNode.named("a").real());
    Path folder =
        world
            .machine("a")
            .disk()
            .resolve(world.volumeOf("data-db-0").orElseThrow().getMetadata().getName());
    assertThat(folder).isDirectory();

    world.deleteClaim("data-db-0");
    world.deletePod(POD);

    AWAIT.until("the old volume's folder is gone", () -> !Files.exists(folder));
    world.awaitReady(POD);
    assertThat(
            folder.resolveSibling(
                world.volumeOf("data-db-0").orElseThrow().getMetadata().getName()))
        .isDirectory();
  }

  @Test
  void what_a_machine_cannot_do_is_told_with_its_logs() {
    world.add(LabNode.named("a").real());

    assertThatThrownBy(() -> world.machine("a").powerOn())
        .isInstanceOf(RealNodeFailed.class)
        .hasMessageContaining("told to power on: failed: it is on")
        .hasMessageContaining(world.names().clusterWide("a") + ".kubelet.log");
    world.powerFails("a");
    assertThatThrownBy(() -> world.machine("a").crash(RealNode.Part.KUBELET))
        .isInstanceOf(RealNodeFailed.class)
        .hasMessageContaining("told to kill kubelet: failed: it is off");
  }
}
