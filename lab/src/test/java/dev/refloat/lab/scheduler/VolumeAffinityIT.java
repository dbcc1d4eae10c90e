package dev.refloat.lab.scheduler;

import dev.refloat.kube.Facts;
import dev.refloat.lab.LabExtension;
import dev.refloat.lab.controlplane.ControlPlane;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * On which nodes a bound local volume can be used: its required node affinity, as the scheduler's
 * plugin VolumeBinding reads it ({@code checkBoundClaims} in <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/scheduler/framework/plugins/volumebinding/binder.go">binder.go</a>).
 */
@ExtendWith(LabExtension.class)
class VolumeAffinityIT {

  /** The second is what Kubernetes 1.30 says. */
  private static final List<String> NO =
      List.of("didn't match PersistentVolume's node affinity", "had volume node affinity conflict");

  @Test
  void a_volume_can_be_used_where_the_scheduler_says_so(ControlPlane controlPlane, World world) {
    KubernetesClient client = controlPlane.client();
    Table<NodeSelector> table =
        new Table<>(
            Stream.concat(LabelRows.all(world.names()), new FieldRows(world.names()).ofVolumes())
                .toList());
    Poll poll = Poll.among(controlPlane, world, LabelRows.NODES);

    Map<String, PersistentVolumeClaim> claims = new LinkedHashMap<>();
    Map<String, String> refused =
        table.make(
            row -> {
              String name = "row-" + claims.size();
              PersistentVolume volume =
                  client.resource(volume(world, name, row.subject())).create();
              claims.put(row.what(), client.resource(claim(world, name, volume)).create());
            });
    claims.values().forEach(claim -> world.awaitBound(claim.getMetadata().getName()));
    claims.forEach((what, claim) -> poll.ask(what, using(claim)));
    poll.awaitAnswers(said -> NO.stream().anyMatch(said::contains));

    table.check(
        refused,
        poll.nodesWhere((pod, _) -> Poll.isOnNode(pod)),
        poll.nodesWhere((pod, node) -> usable(volumeOf(pod, world), node)));
  }

  private static boolean usable(PersistentVolume volume, Node node) {
    return Facts.volume(volume).affinity().orElseThrow().matchesVolumeOn(Facts.node(node).labels());
  }

  private static PersistentVolume volumeOf(Pod pod, World world) {
    return pod.getSpec().getVolumes().stream()
        .flatMap(volume -> Optional.ofNullable(volume.getPersistentVolumeClaim()).stream())
        .flatMap(claim -> world.volumeOf(claim.getClaimName()).stream())
        .findFirst()
        .orElseThrow();
  }

  private static PersistentVolume volume(World world, String name, NodeSelector affinity) {
    return new PersistentVolumeBuilder()
        .withNewMetadata()
        .withName(world.names().clusterWide(name))
        .addToLabels(World.LABEL, world.namespace())
        .endMetadata()
        .withNewSpec()
        .addToCapacity("storage", new Quantity("1Gi"))
        .withAccessModes("ReadWriteOnce")
        .withPersistentVolumeReclaimPolicy("Retain")
        .withNewLocal()
        .withPath("/mnt/disks/" + name)
        .endLocal()
        .withNewNodeAffinity()
        .withRequired(affinity)
        .endNodeAffinity()
        .withNewClaimRef()
        .withNamespace(world.namespace())
        .withName(name)
        .endClaimRef()
        .endSpec()
        .build();
  }

  private static PersistentVolumeClaim claim(World world, String name, PersistentVolume volume) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withNamespace(world.namespace())
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withStorageClassName("")
        .withVolumeName(volume.getMetadata().getName())
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .addToRequests("storage", new Quantity("1Gi"))
        .endResources()
        .endSpec()
        .build();
  }

  private static PodSpec using(PersistentVolumeClaim claim) {
    return new PodSpecBuilder()
        .addNewVolume()
        .withName("data")
        .withNewPersistentVolumeClaim(claim.getMetadata().getName(), false)
        .endVolume()
        .build();
  }
}
