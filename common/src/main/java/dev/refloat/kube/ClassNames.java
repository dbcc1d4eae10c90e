package dev.refloat.kube;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says which StorageClass a claim, or a claim template, asks for. */
public final class ClassNames {

  /**
   * Older than {@code spec.storageClassName}, and it still wins.
   *
   * @see <a
   *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/storage/volume/helpers.go">GetPersistentVolumeClaimClass</a>
   */
  public static final String ANNOTATION = "volume.beta.kubernetes.io/storage-class";

  private ClassNames() {}

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
