package dev.refloat.webhook.storage;

import dev.refloat.kube.Facts;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads storage objects by the fabric8 client. */
public final class KubernetesStorage implements StorageObjects {

  /** Older than {@code spec.storageClassName}, and it still wins. */
  private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

  private final KubernetesClient client;

  public KubernetesStorage(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Claim> claim(String namespace, String name) throws LookupFailedException {
    return get(
            "claim " + namespace + "/" + name,
            () -> client.persistentVolumeClaims().inNamespace(namespace).withName(name).get())
        .map(
            claim ->
                new Claim(
                    some(claim.getSpec().getVolumeName()),
                    annotatedClass(claim)
                        .or(() -> Optional.ofNullable(claim.getSpec().getStorageClassName()))));
  }

  @Override
  public Optional<Volume> volume(String name) throws LookupFailedException {
    return get("volume " + name, () -> client.persistentVolumes().withName(name).get())
        .map(Facts::volume)
        .map(volume -> new Volume(volume.source(), volume.affinity()));
  }

  @Override
  public Optional<String> provisioner(String storageClass) throws LookupFailedException {
    return get(
            "storage class " + storageClass,
            () -> client.storage().v1().storageClasses().withName(storageClass).get())
        .map(found -> found.getProvisioner());
  }

  private static Optional<String> annotatedClass(PersistentVolumeClaim claim) {
    return Optional.ofNullable(claim.getMetadata().getAnnotations())
        .flatMap(annotations -> Optional.ofNullable(annotations.get(CLASS_ANNOTATION)));
  }

  private static Optional<String> some(@Nullable String text) {
    return Optional.ofNullable(text).filter(each -> !each.isEmpty());
  }

  private static <T> Optional<T> get(String what, Supplier<@Nullable T> read)
      throws LookupFailedException {
    try {
      return Optional.ofNullable(read.get());
    } catch (KubernetesClientException e) {
      throw new LookupFailedException(
          "cannot read "
              + what
              + (e.getCode() > 0 ? ": the API server answered " + e.getCode() : ""),
          e);
    }
  }
}
