package dev.refloat.lab.world;

import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.await.Await;
import dev.refloat.lab.realnode.NodeShape;
import dev.refloat.lab.realnode.RealNode;
import dev.refloat.lab.realnode.RealNodes;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Nodes with kubelets, containers and disks. */
final class RealHardware implements Hardware {

  private final KubernetesClient client;
  private final LocalObjects objects;
  private final NodeObjects nodes;
  private final Supplier<RealNodes> realNodes;
  private final Await await;

  /** By the name within the world. */
  private final Map<String, RealNode> machines;

  /**
   * Makes hardware.
   *
   * @param realNodes throws if the control plane can have none
   */
  RealHardware(
      KubernetesClient client,
      LocalObjects objects,
      NodeObjects nodes,
      Supplier<RealNodes> realNodes,
      Await await) {
    this(client, objects, nodes, realNodes, await, new ConcurrentHashMap<>());
  }

  private RealHardware(
      KubernetesClient client,
      LocalObjects objects,
      NodeObjects nodes,
      Supplier<RealNodes> realNodes,
      Await await,
      Map<String, RealNode> machines) {
    this.client = client;
    this.objects = objects;
    this.nodes = nodes;
    this.realNodes = realNodes;
    this.await = await;
    this.machines = machines;
  }

  /** Returns the same, seen by somebody who waits no longer than that. */
  RealHardware patience(Duration patience) {
    return new RealHardware(
        client,
        objects,
        nodes,
        realNodes,
        Await.within(patience).unless(await.complaint()),
        machines);
  }

  /** Returns the machine of a node that was added. */
  RealNode machine(String name) {
    return Optional.ofNullable(machines.get(name))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s is no real node of this world; these are: %s"
                        .formatted(name, machines.keySet())));
  }

  @Override
  public Node appear(LabNode node) {
    if (!node.hostname().equals(node.name())) {
      throw new IllegalArgumentException(
          "the hostname of the real node %s is its name; it cannot be %s"
              .formatted(node.name(), node.hostname()));
    }
    Instant before = Instant.now();
    RealNode known = machines.get(node.name());
    if (known == null) {
      machines.put(
          node.name(), realNodes.get().add(objects.names().clusterWide(node.name()), shape(node)));
    } else {
      known.powerOn();
    }
    return awaitHeartbeat(node.name(), before);
  }

  private NodeShape shape(LabNode node) {
    Map<String, String> labels = new TreeMap<>(node.labels());
    labels.putAll(objects.worldLabel());
    List<String> taints =
        node.taints().stream()
            .map(taint -> "%s=%s:%s".formatted(taint.key(), taint.value(), taint.effect()))
            .toList();
    return NodeShape.ordinary().labels(labels).taints(taints).cpus(node.cpu());
  }

  /** A Node object may be there from before, and say that all is well. */
  private Node awaitHeartbeat(String name, Instant since) {
    String inCluster = objects.names().clusterWide(name);
    await.until(
        "the kubelet of %s renews its Lease".formatted(inCluster),
        () ->
            Optional.ofNullable(
                    client.leases().inNamespace("kube-node-lease").withName(inCluster).get())
                .map(Lease::getSpec)
                .map(spec -> spec.getRenewTime().toInstant())
                .filter(renewed -> renewed.isAfter(since))
                .isPresent());
    return nodes.find(name).orElseThrow();
  }

  @Override
  public void vanish(LabNode node) {
    machine(node.name()).powerOff();
  }

  @Override
  public void stopKubelet(LabNode node) {
    machine(node.name()).crash(RealNode.Part.KUBELET);
  }

  @Override
  public Node startKubelet(LabNode node) {
    Instant before = Instant.now();
    machine(node.name()).start(RealNode.Part.KUBELET);
    return awaitHeartbeat(node.name(), before);
  }

  @Override
  public void cutOff(LabNode node) {
    machine(node.name()).cutOff();
  }

  /** As a node-local provisioner does it; a node that is off has no provisioner. */
  @Override
  public VolumeFolders disk(LabNode node) {
    RealNode machine = machine(node.name());
    return new VolumeFolders() {
      @Override
      public void make(String volume) {
        PrivateFiles.folder(machine.disk().resolve(volume));
      }

      @Override
      public void remove(String volume) {
        PrivateFiles.remove(machine.disk().resolve(volume));
      }
    };
  }

  /** Takes all machines away, with their disks. */
  void close() {
    machines.values().forEach(machine -> realNodes.get().remove(machine));
  }
}
