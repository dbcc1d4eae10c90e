package dev.refloat.lab.database;

import dev.refloat.lab.binaries.Program;
import dev.refloat.lab.realnode.RealNodes;
import dev.refloat.lab.world.LabStatefulSet;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The StatefulSet of the servers: each on a node of its own, with its stream on a local volume.
 *
 * <p>A server is Ready when {@code /healthz} says that its replicas have caught up with their
 * leaders, not merely when it runs. That is what makes {@code refloat.dev/min-ready}, here the
 * usual "all others", say something about data: see {@code docs/databases.md}.
 *
 * @see <a
 *     href="https://github.com/nats-io/nats-server/blob/v2.15.3/server/monitor.go">Server.healthz
 *     in nats-server</a>
 */
final class NatsServers {

  static final String NAME = "nats";
  static final int COUNT = 3;
  static final int CLIENTS = 4222;

  private static final int ROUTES = 6222;
  private static final int MONITORING = 8222;

  private NatsServers() {}

  /** Returns the names of the pods, which are those of the servers as well. */
  static List<String> pods() {
    return IntStream.range(0, COUNT).mapToObj(ordinal -> NAME + "-" + ordinal).toList();
  }

  /** Returns the set, opted in, with volumes of a class of the world. */
  static LabStatefulSet set(String storageClass) {
    return LabStatefulSet.named(NAME)
        .replicas(COUNT)
        .parallel()
        .claim("data", storageClass)
        .annotation("refloat.dev/recover", "true")
        .annotation("refloat.dev/after", "5s")
        .podSpec(NatsServers::apart)
        .podSpec(NatsServers::server);
  }

  private static PodSpecBuilder apart(PodSpecBuilder spec) {
    return spec.withNewAffinity()
        .withNewPodAntiAffinity()
        .addNewRequiredDuringSchedulingIgnoredDuringExecution()
        .withTopologyKey("kubernetes.io/hostname")
        .withNewLabelSelector()
        .addToMatchLabels("app", NAME)
        .endLabelSelector()
        .endRequiredDuringSchedulingIgnoredDuringExecution()
        .endPodAntiAffinity()
        .endAffinity();
  }

  private static PodSpecBuilder server(PodSpecBuilder spec) {
    return spec.withContainers(
        new ContainerBuilder(spec.buildContainer(0))
            .withImage(RealNodes.image(Program.NATS_SERVER))
            .withCommand("sh", "-c", "echo \"$0\" >/tmp/conf; exec nats-server --config=/tmp/conf")
            .withArgs(configuration())
            .addNewEnv()
            .withName("POD_NAME")
            .withNewValueFrom()
            .withNewFieldRef("v1", "metadata.name")
            .endValueFrom()
            .endEnv()
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPath("/healthz")
            .withNewPort(MONITORING)
            .endHttpGet()
            .withPeriodSeconds(1)
            .withFailureThreshold(2)
            .endReadinessProbe()
            .build());
  }

  /**
   * Returns what the servers are told. Without {@code sync_interval: always} they acknowledge what
   * may be written to the disk two minutes later, and a machine that loses its power has forgotten
   * it: no flag says that.
   *
   * @see <a href="https://docs.nats.io/reference/config/jetstream/sync_interval">sync_interval</a>
   */
  private static String configuration() {
    return """
        server_name: $POD_NAME
        port: %d
        http_port: %d
        jetstream: { store_dir: /data, sync_interval: always }
        cluster: { name: %s, listen: "0.0.0.0:%d", routes: [%s] }
        """
        .formatted(CLIENTS, MONITORING, NAME, ROUTES, routes());
  }

  private static String routes() {
    return pods().stream()
        .map(pod -> "\"nats://%s.%s:%d\"".formatted(pod, NAME, ROUTES))
        .collect(Collectors.joining(", "));
  }
}
