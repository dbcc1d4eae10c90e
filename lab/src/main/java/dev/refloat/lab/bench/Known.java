package dev.refloat.lab.bench;

import dev.refloat.lab.world.World;
import dev.refloat.recovery.ObjectId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the floor knows of a pod's storage before anything happens. */
record Known(ObjectId claim, ObjectId volume) {

  private static final String TEMPLATE = "data-";

  /** Returns what there is to know, by the name of the pod. Every claim of the world is bound. */
  static Map<String, Known> in(KubernetesClient client, World world) {
    Map<String, PersistentVolume> volumes =
        world.volumes().stream()
            .collect(Collectors.toMap(each -> each.getMetadata().getName(), Function.identity()));
    Map<String, Known> known = new HashMap<>();
    for (PersistentVolumeClaim claim :
        client.persistentVolumeClaims().inNamespace(world.namespace()).list().getItems()) {
      Optional.ofNullable(claim.getSpec().getVolumeName())
          .map(volumes::get)
          .ifPresent(
              volume ->
                  known.put(
                      claim.getMetadata().getName().substring(TEMPLATE.length()),
                      new Known(id(claim), id(volume))));
    }
    return known;
  }

  static ObjectId id(HasMetadata object) {
    return new ObjectId(
        Optional.ofNullable(object.getMetadata().getNamespace()).orElse(""),
        object.getMetadata().getName(),
        object.getMetadata().getUid(),
        object.getMetadata().getResourceVersion());
  }
}
