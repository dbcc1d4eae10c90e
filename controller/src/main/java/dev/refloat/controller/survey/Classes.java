package dev.refloat.controller.survey;

import dev.refloat.kube.ClassNames;
import dev.refloat.kube.Facts;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.SpareVolumes;
import dev.refloat.recovery.StorageClass;
import dev.refloat.recovery.Volume;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * StorageClasses, and what is left of each: capacity where a driver keeps count, free volumes where
 * they are made by hand.
 */
final class Classes {

  /** What is left is asked once for all sets that want to know at once. */
  private static final Duration LEFT_SHARED_FOR = Duration.ofSeconds(1);

  /**
   * Provisioner and binding mode never change; only a class that was deleted and made anew has
   * others. See <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/storage/validation/validation.go">ValidateStorageClassUpdate</a>.
   */
  private static final Duration KNOWN_FOR = Duration.ofMinutes(1);

  private final KubernetesClient client;
  private final Shared<String, Optional<io.fabric8.kubernetes.api.model.storage.StorageClass>>
      classes;
  private final Shared<String, Boolean> keepsCount;
  private final Shared<String, List<CSIStorageCapacity>> capacities;
  private final Shared<String, SpareVolumes> spares;

  Classes(KubernetesClient client, InstantSource time) {
    this.client = client;
    this.classes =
        new Shared<>(
            KNOWN_FOR,
            time,
            name ->
                Optional.ofNullable(client.storage().v1().storageClasses().withName(name).get()));
    this.keepsCount = new Shared<>(KNOWN_FOR, time, this::readKeepsCount);
    this.capacities = new Shared<>(LEFT_SHARED_FOR, time, this::readCapacities);
    this.spares = new Shared<>(LEFT_SHARED_FOR, time, this::readSpares);
  }

  /**
   * Returns the class of that name, empty if it answered 404.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be read
   */
  Optional<StorageClass> live(String name) {
    return classes
        .get(name, Instant.MIN)
        .value()
        .map(found -> Facts.storageClass(found, capacities(name, found.getProvisioner())));
  }

  /**
   * Returns what is left of a class that is made by hand.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be read
   */
  SpareVolumes spare(String name, Instant notBefore) {
    return spares.get(name, notBefore).value();
  }

  /** Only of a driver that keeps them: the scheduler asks no other either. */
  private Optional<List<CSIStorageCapacity>> capacities(String name, String provisioner) {
    return keepsCount.get(provisioner, Instant.MIN).value()
        ? Optional.of(capacities.get(name, Instant.MIN).value())
        : Optional.empty();
  }

  private boolean readKeepsCount(String provisioner) {
    if (provisioner.startsWith("kubernetes.io/")) {
      return false;
    }
    CSIDriver driver = client.storage().v1().csiDrivers().withName(provisioner).get();
    return driver != null && Boolean.TRUE.equals(driver.getSpec().getStorageCapacity());
  }

  private List<CSIStorageCapacity> readCapacities(String name) {
    return Pages.all(
        options -> client.storage().v1().csiStorageCapacities().inAnyNamespace().list(options),
        each -> name.equals(each.getStorageClassName()),
        each -> each);
  }

  private SpareVolumes readSpares(String name) {
    List<Volume> free =
        Pages.all(
            options -> client.persistentVolumes().list(options),
            volume ->
                volume.getSpec().getClaimRef() == null
                    && name.equals(ClassNames.of(volume))
                    && volume.getStatus() != null
                    && "Available".equals(volume.getStatus().getPhase()),
            Facts::volume);
    if (free.isEmpty()) {
      return SpareVolumes.NONE;
    }
    List<Claim> waiting =
        Pages.all(
            options -> client.persistentVolumeClaims().inAnyNamespace().list(options),
            claim ->
                text(claim.getSpec().getVolumeName()).isEmpty()
                    && ClassNames.of(claim).filter(name::equals).isPresent(),
            Facts::claim);
    return new SpareVolumes(free, waiting);
  }

  private static String text(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
