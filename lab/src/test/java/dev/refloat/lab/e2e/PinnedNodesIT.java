package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.watch.PinnedNodes;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Recording;
import dev.refloat.lab.faults.Requests;
import dev.refloat.lab.world.LabNode;
import dev.refloat.recovery.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The nodes that grace periods are about, of an outage that took more than usual. */
@ExtendWith(Lab.Shared.class)
class PinnedNodesIT {

  /** A watch is a connection, and each node has two. */
  private static final int MOST_WATCHES = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void S10_of_more_lost_nodes_than_are_watched_each_return_is_noticed(Lab lab) {
    try (Scene scene = Scene.in(lab, "outage")) {
      // GIVEN more nodes than are watched, all of them gone
      FaultProxy proxy = scene.proxy();
      Set<String> lost =
          IntStream.range(10, 50)
              .mapToObj(number -> scene.world().names().clusterWide("lost-" + number))
              .collect(Collectors.toUnmodifiableSet());
      Set<String> changed = ConcurrentHashMap.newKeySet();
      try (KubernetesClient client = Clients.sendingOnce(proxy.kubeconfig());
          PinnedNodes pinned = new PinnedNodes(client, InstantSource.system(), changed::add)) {
        pinned.start();
        assertThat(pinned.watch(() -> gone(lost))).as("that cannot be watched").isEmpty();
        assertThat(proxy.open(Requests.watch("nodes"))).isEqualTo(MOST_WATCHES);
        Recording before = proxy.recording();

        // WHEN one returns that nobody watches
        String unwatched =
            lost.stream().filter(name -> !isWatched(proxy, name)).findFirst().orElseThrow();
        scene.world().add(LabNode.named(unwatched.substring(unwatched.lastIndexOf("lost-"))));

        // THEN it is told, perhaps by the first answer of a round, and in the end each was read,
        // whether it is watched or not
        Await.within(PATIENCE).until(unwatched + " is told", () -> changed.contains(unwatched));
        Await.within(PATIENCE)
            .until(
                "each is read",
                () -> namesOf(proxy.recording().since(before).of(Requests.get("nodes"))),
                read -> read.containsAll(lost));
      }
    }
  }

  @Test
  void S47_a_node_that_cannot_be_watched_is_named_and_the_others_are_watched(Lab lab) {
    try (Scene scene = Scene.in(lab, "unwatchable")) {
      FaultProxy proxy = scene.proxy();
      Set<String> lost = Set.of("lost-a", "lost-b", "lost-c");
      var _ = proxy.once(Requests.list("nodes"), Fault.status(403));
      try (KubernetesClient client = Clients.sendingOnce(proxy.kubeconfig());
          PinnedNodes pinned = new PinnedNodes(client, InstantSource.system(), _ -> {})) {
        assertThat(pinned.watch(() -> gone(lost))).hasSize(1).isSubsetOf(lost);
        assertThat(proxy.open(Requests.watch("nodes"))).isEqualTo(2 * (lost.size() - 1));

        assertThat(pinned.watch(() -> gone(lost))).as("asked again").isEmpty();
        assertThat(proxy.open(Requests.watch("nodes"))).isEqualTo(2 * lost.size());
      }
    }
  }

  @Test
  void S47_a_watch_of_a_node_that_ends_with_410_counts_as_a_change_and_is_begun_anew(Lab lab) {
    try (Scene scene = Scene.in(lab, "expired")) {
      FaultProxy proxy = scene.proxy();
      Set<String> changed = ConcurrentHashMap.newKeySet();
      try (KubernetesClient client = Clients.sendingOnce(proxy.kubeconfig());
          PinnedNodes pinned = new PinnedNodes(client, InstantSource.system(), changed::add)) {
        assertThat(pinned.watch(() -> gone(Set.of("lost-a")))).isEmpty();

        assertThat(proxy.expire(Requests.watch("nodes"))).isEqualTo(2);

        Await.within(PATIENCE).until("lost-a is told", () -> changed.contains("lost-a"));
        assertThat(pinned.watch(() -> gone(Set.of("lost-a")))).as("asked again").isEmpty();
        Await.within(PATIENCE)
            .until("it is watched again", () -> proxy.open(Requests.watch("nodes")) == 2);
      }
    }
  }

  private static Set<String> namesOf(Recording recording) {
    return recording.exchanges().stream()
        .map(exchange -> exchange.request().name())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Map<String, Optional<Node>> gone(Set<String> names) {
    return names.stream().collect(Collectors.toMap(name -> name, _ -> Optional.empty()));
  }

  /** As their addresses say: each watch is of one name or of one hostname. */
  private static boolean isWatched(FaultProxy proxy, String node) {
    return proxy.recording().of(Requests.watch("nodes")).exchanges().stream()
        .anyMatch(exchange -> exchange.request().target().contains(node));
  }
}
