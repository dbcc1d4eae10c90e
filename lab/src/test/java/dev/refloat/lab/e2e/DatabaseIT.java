package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.OnRealNodes;
import dev.refloat.lab.database.Ledger;
import dev.refloat.lab.database.NatsCluster;
import dev.refloat.lab.database.Traffic;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.recorder.Version;
import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.PodConditions;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A real database that replicates itself, on real nodes with local volumes, while a client writes
 * and reads: whatever happens to its nodes, what it has acknowledged is there exactly once.
 */
@OnRealNodes
@ExtendWith(Lab.SharedWithRealNodes.class)
class DatabaseIT {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SOME = 100;
  private static final String STRICKEN = "nats-1";
  private static final String OTHER = "nats-2";

  private Scene scene;
  private World world;
  private RefloatProcess controller;
  private Traffic traffic;

  @BeforeEach
  void running(Lab lab, TestInfo test) throws InterruptedException {
    String name = test.getTestMethod().orElseThrow().getName();
    scene = Scene.onRealNodes(lab, name.substring(0, name.indexOf('_')).toLowerCase(Locale.ROOT));
    world = scene.world().patience(PATIENCE);
    controller = scene.controller();
    world.add(LabNode.named("n4").real()); // somewhere to go
    NatsCluster database = NatsCluster.in(scene.client(), world, "fast");
    traffic = Traffic.on(database, InstantSource.system(), PATIENCE);
    traffic.awaitAllCurrent();
    var _ = traffic.awaitMore(SOME);
  }

  @AfterEach
  void close() {
    if (traffic != null) {
      traffic.close();
    }
    scene.close();
  }

  private static String claimOf(String server) {
    return "data-" + server;
  }

  private Ledger settledWithoutLoss() throws InterruptedException {
    Ledger ledger = traffic.settle();
    assertThat(ledger.lost()).as("acknowledged and not there").isEmpty();
    assertThat(ledger.repeated()).as("there more than once").isEmpty();
    assertThat(ledger.unread()).as("acknowledged and never handed to the reader").isEmpty();
    assertThat(ledger.promises()).hasSizeGreaterThan(2 * SOME);
    return ledger;
  }

  /** What is on the disk of that server is what counts. */
  private Ledger settledWithoutLossBy(String server) throws InterruptedException {
    traffic.awaitLedBy(server);
    var _ = traffic.awaitMore(SOME);
    Ledger ledger = settledWithoutLoss();
    assertThat(traffic.isLedBy(server)).as("%s was read", server).isTrue();
    return ledger;
  }

  @Test
  void S10_a_lost_node_costs_a_replica_and_no_message(TestReporter reporter)
      throws InterruptedException {
    traffic.awaitLedBy(STRICKEN); // the hardest to lose
    var _ = traffic.awaitMore(SOME);

    Instant lost = Instant.now();
    String home = scene.loseNodeOf(STRICKEN);

    scene.awaitReadyElsewhere(STRICKEN, home, PATIENCE);
    traffic.awaitAllCurrent();
    var _ = traffic.awaitMore(SOME);
    Instant mended = Instant.now();
    Ledger ledger = settledWithoutLossBy(STRICKEN);
    scene.assertRefloatedOnce(claimOf(STRICKEN));
    NatsCluster.SERVERS.stream()
        .filter(server -> !server.equals(STRICKEN))
        .forEach(server -> scene.assertUntouched(claimOf(server)));
    reporter.publishEntry("longest pause", ledger.longestPause(lost, mended).toString());
  }

  @Test
  void S12_a_rebooting_node_gets_its_server_back_on_its_disk() throws InterruptedException {
    String home = world.nodeOf(STRICKEN).orElseThrow();

    world.powerFails(home);
    world.awaitSilent(home);
    world.deletePodByForce(STRICKEN);
    var _ = scene.awaitReason(controller, STRICKEN, "StateNotOptedIn");
    var _ = traffic.awaitMore(SOME);
    world.nodeReturns(home);

    world.awaitReady(STRICKEN);
    assertThat(world.nodeOf(STRICKEN)).contains(home);
    traffic.awaitAllCurrent();
    var _ = settledWithoutLossBy(STRICKEN);
    NatsCluster.SERVERS.forEach(server -> scene.assertUntouched(claimOf(server)));
  }

  @Test
  void S20_two_lost_nodes_are_held_until_one_of_them_is_back() throws InterruptedException {
    String home = world.nodeOf(STRICKEN).orElseThrow();
    String homeOfOther = world.nodeOf(OTHER).orElseThrow();
    // Both at once, however long it takes to delete what they were.
    world.powerFails(home);
    world.powerFails(homeOfOther);
    world.nodeLost(home);
    world.nodeLost(homeOfOther);

    scene.awaitTold("SiblingsNotReady Pod " + STRICKEN, "SiblingsNotReady Pod " + OTHER);
    Instant told = Instant.now();
    NatsCluster.SERVERS.forEach(server -> scene.assertUntouched(claimOf(server)));
    Instant returning = Instant.now();
    world.nodeReturns(homeOfOther);

    world.awaitReady(OTHER);
    scene.awaitReadyElsewhere(STRICKEN, home, PATIENCE);
    traffic.awaitAllCurrent();
    Ledger ledger = settledWithoutLossBy(STRICKEN);
    assertThat(ledger.longestPause(told, returning))
        .as("nothing is acknowledged by one of three")
        .isEqualTo(Duration.between(told, returning));
    scene.assertRefloatedOnce(claimOf(STRICKEN));
    scene.assertUntouched(claimOf(OTHER));
    assertThat(firstReadyAgain(OTHER))
        .as("%s is Ready before %s is given up", OTHER, STRICKEN)
        .matches(ready -> ready.isBefore(firstDeleting(claimOf(STRICKEN))));
  }

  private Version<Pod> firstReadyAgain(String pod) {
    String uid = world.pod(pod).orElseThrow().getMetadata().getUid();
    return scene
        .recorder()
        .pods()
        .first(pod, each -> uid.equals(each.getMetadata().getUid()) && PodConditions.isReady(each))
        .orElseThrow();
  }

  private Version<PersistentVolumeClaim> firstDeleting(String claim) {
    return scene.recorder().claims().firstDeleting(claim).orElseThrow();
  }
}
