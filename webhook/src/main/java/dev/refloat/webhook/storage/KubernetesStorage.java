package dev.refloat.webhook.storage;

import dev.refloat.kube.ClassNames;
import dev.refloat.kube.Facts;
import dev.refloat.process.Failures;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads storage objects by the fabric8 client. */
public final class KubernetesStorage implements StorageObjects {

  private static final String RETAIN = "Retain";

  private final KubernetesClient client;

  public KubernetesStorage(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Claim> claim(String namespace, String name) throws LookupFailedException {
    return get(
            "claim " + namespace + "/" + name,
            () -> client.persistentVolumeClaims().inNamespace(namespace).withName(name).get())
        .map(claim -> new Claim(some(claim.getSpec().getVolumeName()), ClassNames.of(claim)));
  }

  @Override
  public Optional<Volume> volume(String name) throws LookupFailedException {
    return get("volume " + name, () -> client.persistentVolumes().withName(name).get())
        .map(Facts::volume)
        .map(volume -> new Volume(volume.source(), volume.affinity()));
  }

  @Override
  public Optional<StorageClass> storageClass(String name) throws LookupFailedException {
    return get(
            "storage class " + name,
            () -> client.storage().v1().storageClasses().withName(name).get())
        .map(
            found ->
                new StorageClass(found.getProvisioner(), RETAIN.equals(found.getReclaimPolicy())));
  }

  private static Optional<String> some(@Nullable String text) {
    return Optional.ofNullable(text).filter(each -> !each.isEmpty());
  }

  private static <T> Optional<T> get(String what, Supplier<@Nullable T> read)
      throws LookupFailedException {
    try {
      return Optional.ofNullable(read.get());
    } catch (KubernetesClientException e) {
      throw new LookupFailedException("cannot read %s: %s".formatted(what, Failures.words(e)), e);
    }
  }
}
