package dev.refloat.kube;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says which StorageClass a claim or a claim template asks for, and a volume is of. */
public final class ClassNames {

  /**
   * Older than {@code spec.storageClassName}, and it still wins.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/storage/volume/helpers.go">GetPersistentVolumeClaimClass</a>
   */
  public static final String ANNOTATION = "volume.beta.kubernetes.io/storage-class";

  private ClassNames() {}

  /** Returns the name that a claim, or a claim template, asks for, as {@link #of(Map, String)}. */
  public static Optional<String> of(PersistentVolumeClaim claim) {
    return of(claim.getMetadata().getAnnotations(), claim.getSpec().getStorageClassName());
  }

  /**
   * Returns the name of the class of a volume; empty if it has none.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/storage/volume/helpers.go">GetPersistentVolumeClass</a>
   */
  public static String of(PersistentVolume volume) {
    return of(volume.getMetadata().getAnnotations(), volume.getSpec().getStorageClassName())
        .orElse("");
  }

  /**
   * Returns the name; an empty one stands for a volume without a class, and nothing at all for the
   * cluster's default class.
   *
   * @param annotations of the claim
   * @param inSpec its {@code spec.storageClassName}
   */
  public static Optional<String> of(
      @Nullable Map<String, String> annotations, @Nullable String inSpec) {
    return Optional.ofNullable(annotations)
        .flatMap(each -> Optional.ofNullable(each.get(ANNOTATION)))
        .or(() -> Optional.ofNullable(inSpec));
  }
}
