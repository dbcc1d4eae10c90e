package dev.refloat.controller.survey;

import dev.refloat.kube.Facts;
import dev.refloat.recovery.StorageClass;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * StorageClasses, with what their drivers say is left, shared by all surveys for at most a second.
 */
final class Classes {

  private static final Duration SHARED_FOR = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final InstantSource time;
  private final Map<String, Seen> seen = new HashMap<>();

  private record Seen(Optional<StorageClass> storageClass, Instant at) {}

  Classes(KubernetesClient client, InstantSource time) {
    this.client = client;
    this.time = time;
  }

  /**
   * Returns the class of that name, empty if it answered 404.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be read
   */
  synchronized Optional<StorageClass> live(String name) {
    Instant now = time.instant();
    seen.values().removeIf(each -> !each.at().isAfter(now.minus(SHARED_FOR)));
    return seen.computeIfAbsent(name, _ -> new Seen(read(name), now)).storageClass();
  }

  private Optional<StorageClass> read(String name) {
    return Optional.ofNullable(client.storage().v1().storageClasses().withName(name).get())
        .map(found -> Facts.storageClass(found, capacities(found.getProvisioner())));
  }

  /** Only of a driver that keeps them: the scheduler asks no other either. */
  private Optional<List<CSIStorageCapacity>> capacities(String provisioner) {
    if (!provisioner.contains(".") || provisioner.startsWith("kubernetes.io/")) {
      return Optional.empty();
    }
    CSIDriver driver = client.storage().v1().csiDrivers().withName(provisioner).get();
    boolean keeps = driver != null && Boolean.TRUE.equals(driver.getSpec().getStorageCapacity());
    return keeps
        ? Optional.of(
            Pages.all(
                options ->
                    client.storage().v1().csiStorageCapacities().inAnyNamespace().list(options),
                _ -> true,
                each -> each))
        : Optional.empty();
  }
}
