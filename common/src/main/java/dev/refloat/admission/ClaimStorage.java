package dev.refloat.admission;

import dev.refloat.storage.LocalStorage;
import dev.refloat.storage.Locality;
import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.util.Optional;

/** What was found out about the storage behind one claim of a pod. */
public sealed interface ClaimStorage {

  /** The name of the claim. */
  String claim();

  /** It has a volume, or will be bound to this one: its structure tells. */
  record OnVolume(
      String claim, String volume, VolumeSource source, Optional<NodeSelector> requiredAffinity)
      implements ClaimStorage {}

  /** It has no volume yet; its class tells who will make one. */
  record OfClass(String claim, String storageClass, String provisioner) implements ClaimStorage {}

  /**
   * Nobody can tell yet.
   *
   * @param why such as {@code "the claim does not exist yet"}
   */
  record Undetermined(String claim, String why) implements ClaimStorage {}

  /**
   * The look-up failed, or took too long.
   *
   * @param why such as {@code "no answer within 800ms"}
   */
  record Unanswered(String claim, String why) implements ClaimStorage {}

  /** Whether the claim is on local storage, or may be for all that is known. */
  default boolean mayBeLocal(LocalStorage storage) {
    return switch (this) {
      case OnVolume(_, _, VolumeSource source, Optional<NodeSelector> affinity) ->
          storage.of(source, affinity) instanceof Locality.Pinned;
      case OfClass(_, _, String provisioner) -> storage.mayBeLocal(provisioner);
      case Undetermined _, Unanswered _ -> true;
    };
  }
}
