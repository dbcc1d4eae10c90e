package dev.refloat.lab.world;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** Nodes that kwok plays. */
record FakeHardware(KubernetesClient client, LocalObjects objects, NodeObjects nodes)
    implements Hardware {

  private static final String KUBELET = "lab.refloat.dev/kubelet";

  @Override
  public Node appear(LabNode node) {
    return client.nodes().resource(objects.node(node)).create();
  }

  /** There is nothing but the Node object. */
  @Override
  public void vanish(LabNode node) {}

  @Override
  public void stopKubelet(LabNode node) {
    nodes.edit(
        node.name(),
        running -> running.editMetadata().addToAnnotations(KUBELET, "stopped").endMetadata());
    nodes
        .resource(node.name())
        .editStatus(
            stopped ->
                new NodeBuilder(stopped)
                    .editStatus()
                    .editMatchingCondition(condition -> "Ready".equals(condition.getType()))
                    .withStatus("False")
                    .withReason("KubeletStopped")
                    .withLastTransitionTime(Instant.now().toString())
                    .endCondition()
                    .endStatus()
                    .build());
  }

  @Override
  public Node startKubelet(LabNode node) {
    return nodes.edit(
        node.name(),
        stopped -> stopped.editMetadata().removeFromAnnotations(KUBELET).endMetadata());
  }

  /**
   * Nobody but its kubelet may renew the Lease as long as somebody else holds it. The pods
   * themselves say that their kubelet is stopped, because kwok hears of Leases and of pods in two
   * streams, and would end a pod if it heard of its delete first.
   */
  @Override
  public void cutOff(LabNode node) {
    String name = objects.names().clusterWide(node.name());
    client
        .pods()
        .inNamespace(objects.names().namespace())
        .withField("spec.nodeName", name)
        .resources()
        .forEach(
            pod ->
                pod.edit(
                    running ->
                        new PodBuilder(running)
                            .editMetadata()
                            .addToAnnotations(KUBELET, "stopped")
                            .endMetadata()
                            .build()));
    client
        .leases()
        .inNamespace("kube-node-lease")
        .withName(name)
        .edit(
            lease ->
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("a-kubelet-that-is-cut-off")
                    .withLeaseDurationSeconds((int) Duration.ofDays(1).toSeconds())
                    .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC).minusMinutes(2))
                    .endSpec()
                    .build());
    stopKubelet(node);
  }

  @Override
  public VolumeFolders disk(LabNode node) {
    return VolumeFolders.NONE;
  }
}
