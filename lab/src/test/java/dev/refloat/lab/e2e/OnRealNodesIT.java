package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.OnRealNodes;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.realnode.RealNode;
import dev.refloat.lab.world.LabStatefulSet;
import dev.refloat.lab.world.PodShell;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What becomes of the data: real kubelets, containers and disks, our webhook and our controller.
 * Each test writes a file, and looks for it on the disk of the node where it was.
 */
@OnRealNodes
@ExtendWith(Lab.SharedWithRealNodes.class)
class OnRealNodesIT {

  private static final String POD = "db-0";
  private static final String CLAIM = "data-db-0";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Scene scene;
  private World world;

  @BeforeEach
  void onRealNodes(Lab lab, TestInfo test) {
    scene =
        Scene.onRealNodes(
            lab,
            test.getTestMethod().orElseThrow().getName().substring(0, 3).toLowerCase(Locale.ROOT));
    world = scene.world().patience(PATIENCE);
    scene.controller();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  /** A database that has written its file; returns where that is on this machine. */
  private Path written(LabStatefulSet set) throws IOException {
    scene.running(set);
    shell().says("sh", "-c", "echo precious > /data/file && sync");
    RealNode machine = world.machine(home());
    Path file = machine.disk().resolve(scene.volumeOf(CLAIM)).resolve("file");
    assertThat(Files.readString(file)).isEqualTo("precious\n");
    return file;
  }

  private PodShell shell() {
    return PodShell.of(scene.client(), world.namespace(), POD);
  }

  private String home() {
    return world.nodeOf(POD).orElseThrow();
  }

  private void assertThereIsNoFileInTheFreshVolume() {
    assertThat(shell().says("ls", "-A", "/data")).isEmpty();
  }

  @Test
  void S16_a_machine_without_power_is_given_up_when_somebody_says_that_it_stays_off()
      throws IOException {
    Path file = written(Scene.optedIn("db"));
    String home = home();
    String volume = scene.volumeOf(CLAIM);

    world.powerFails(home);
    world.awaitSilent(home);
    scene.assertUntouched(CLAIM);
    world.outOfService(home);

    scene.awaitReadyElsewhere(POD, home, PATIENCE);
    scene.assertRefloatedOnce(CLAIM);
    scene.assertKept(volume);
    assertThereIsNoFileInTheFreshVolume();
    assertThat(Files.readString(file)).as("on the dead node's disk").isEqualTo("precious\n");
  }

  @Test
  void S10_a_node_that_is_deleted_for_good_keeps_the_data_until_it_comes_back() throws IOException {
    Path file = written(Scene.optedIn("db"));
    String volume = scene.volumeOf(CLAIM);

    String home = scene.loseNodeOf(POD);

    Pod refloated = scene.awaitReadyElsewhere(POD, home, PATIENCE);
    scene.assertRefloatedOnce(CLAIM);
    assertThereIsNoFileInTheFreshVolume();
    world.nodeReturns(home);
    scene.assertKept(volume);
    assertThat(Files.readString(file)).isEqualTo("precious\n");
    assertThat(world.pod(POD).orElseThrow().getSpec().getNodeName())
        .isEqualTo(refloated.getSpec().getNodeName());
  }

  @Test
  void S12_a_node_that_reboots_finds_its_pod_and_the_pod_its_data() throws IOException {
    Path file = written(Scene.optedIn("db"));
    String home = home();
    String uid = world.pod(POD).orElseThrow().getMetadata().getUid();

    world.powerFails(home);
    world.awaitSilent(home);
    world.nodeReturns(home);

    Await.within(PATIENCE)
        .until(
            "the data is read again",
            () -> shell().tries("cat", "/data/file").said(),
            "precious"::equals,
            said -> said);
    assertThat(world.pod(POD).orElseThrow().getMetadata().getUid()).isEqualTo(uid);
    assertThat(Files.readString(file)).isEqualTo("precious\n");
    scene.assertUntouched(CLAIM);
  }

  @Test
  void S12_a_kubelet_that_is_silent_is_no_lost_node_and_the_container_goes_on() throws IOException {
    Path file = written(Scene.optedIn("db"));
    String home = home();
    shell()
        .says(
            "sh",
            "-c",
            "(while :; do date +%s%N > /data/clock; sleep 0.1; done) >/dev/null 2>&1 &");

    world.nodeNotReady(home);

    Path clock = file.resolveSibling("clock");
    String then = Files.readString(clock);
    Await.within(PATIENCE).until("the container writes on", () -> !read(clock).equals(then));
    scene.assertUntouched(CLAIM);
    world.nodeReadyAgain(home);
    world.awaitReady(POD);
    scene.assertUntouched(CLAIM);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void S44_a_drained_node_does_not_wipe_the_disk_of_the_pod_that_leaves_it() throws IOException {
    Path file = written(Scene.optedIn("db").annotation("refloat.dev/recover", "node-cordoned"));
    String home = home();
    String volume = scene.volumeOf(CLAIM);

    world.drain(home);

    scene.awaitReadyElsewhere(POD, home, PATIENCE);
    scene.assertRefloatedOnce(CLAIM);
    scene.assertKept(volume);
    assertThereIsNoFileInTheFreshVolume();
    assertThat(Files.readString(file)).as("on the drained node's disk").isEqualTo("precious\n");
  }

  @Test
  void S44_with_discard_the_disk_of_the_node_that_is_alive_is_wiped() throws IOException {
    Path file =
        written(
            Scene.optedIn("db")
                .annotation("refloat.dev/recover", "node-cordoned")
                .annotation("refloat.dev/data", "discard"));
    String home = home();

    world.drain(home);

    scene.awaitReadyElsewhere(POD, home, PATIENCE);
    Await.within(PATIENCE).until("the provisioner has wiped the volume", () -> !Files.exists(file));
  }

  @Test
  void S06_a_machine_with_an_empty_disk_under_the_old_name_gets_its_pod_and_is_left_alone()
      throws IOException {
    written(Scene.optedIn("db"));
    String home = home();

    world.powerFails(home);
    scene.client().nodes().withName(world.names().clusterWide(home)).delete();
    world.nodeReplaced(home);
    world.deletePodByForce(POD);

    Pod stuck = world.awaitScheduled(POD);
    assertThat(world.nodeOf(POD)).contains(home);
    Await.within(PATIENCE)
        .until(
            "the kubelet finds no folder",
            () ->
                scene.recorder().events().all().stream()
                    .anyMatch(
                        event ->
                            event.object().getReason().equals("FailedMount")
                                && event
                                    .object()
                                    .getInvolvedObject()
                                    .getUid()
                                    .equals(stuck.getMetadata().getUid())));
    scene.assertUntouched(CLAIM);
  }
}
