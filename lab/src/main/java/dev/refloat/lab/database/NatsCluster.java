package dev.refloat.lab.database;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Three NATS servers on real nodes of a world, and the way to them from outside of the cluster.
 *
 * @param urls a port of every node of that world, each of which leads to any server
 */
public record NatsCluster(List<String> urls) {

  /** The names of the servers' pods, which are those of the servers as well. */
  public static final List<String> SERVERS = NatsServers.pods();

  static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

  private static final String FOR_CLIENTS = NatsServers.NAME + "-clients";
  private static final Duration REACHED_WITHIN = Duration.ofSeconds(30);
  private static final int PINGS_WITHOUT_ANSWER = 2;
  private static final Duration BETWEEN_CONNECTIONS = Duration.ofMillis(200);

  public NatsCluster {
    urls = List.copyOf(urls);
  }

  /**
   * Adds the servers to {@code world}; returns when all are Ready and clients reach them.
   *
   * @param storageClass within the world
   */
  public static NatsCluster in(KubernetesClient client, World world, String storageClass) {
    // Servers find each other before they are Ready.
    var _ =
        add(
            client,
            world,
            NatsServers.NAME,
            new ServiceSpecBuilder().withClusterIP("None").withPublishNotReadyAddresses(true));
    Service forClients =
        add(client, world, FOR_CLIENTS, new ServiceSpecBuilder().withType("NodePort"));
    world.add(NatsServers.set(storageClass));
    SERVERS.forEach(world::awaitReady);
    int port = forClients.getSpec().getPorts().getFirst().getNodePort();
    NatsCluster cluster =
        new NatsCluster(
            client.nodes().withLabel(World.LABEL, world.namespace()).list().getItems().stream()
                .map(node -> "nats://%s:%d".formatted(address(node), port))
                .toList());
    // A moment after a server is Ready kube-proxy knows it.
    Await.within(REACHED_WITHIN)
        .until("a client reaches a server at " + cluster.urls(), cluster::isReached);
    return cluster;
  }

  private static Service add(
      KubernetesClient client, World world, String name, ServiceSpecBuilder spec) {
    Service service =
        new ServiceBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withSpec(
                spec.addToSelector("app", NatsServers.NAME)
                    .addNewPort()
                    .withName("clients")
                    .withPort(NatsServers.CLIENTS)
                    .endPort()
                    .build())
            .build();
    return client.services().inNamespace(world.namespace()).resource(service).create();
  }

  private static String address(Node node) {
    return node.getStatus().getAddresses().stream()
        .filter(each -> each.getType().equals("InternalIP"))
        .findFirst()
        .orElseThrow()
        .getAddress();
  }

  private boolean isReached() {
    try {
      Nats.connect(options()).close();
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Returns a new connection, which looks for another server by itself for as long as it is open.
   *
   * @throws IllegalStateException if no server answers now
   */
  Connection connect() throws InterruptedException {
    try {
      return Nats.connect(options());
    } catch (IOException e) {
      throw new IllegalStateException("no NATS server answers at any of " + urls, e);
    }
  }

  private Options options() {
    return Options.builder()
        .servers(urls.toArray(String[]::new))
        .ignoreDiscoveredServers() // their addresses are those of pods, which change
        .connectionTimeout(ANSWER_WITHIN)
        .pingInterval(ANSWER_WITHIN)
        .maxPingsOut(PINGS_WITHOUT_ANSWER)
        .reconnectWait(BETWEEN_CONNECTIONS)
        .maxReconnects(-1)
        .errorListener(new ErrorListener() {}) // would print what we know: machines are lost here
        .build();
  }
}
