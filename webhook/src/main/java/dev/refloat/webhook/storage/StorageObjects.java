package dev.refloat.webhook.storage;

import dev.refloat.storage.NodeSelector;
import dev.refloat.storage.VolumeSource;
import java.util.Optional;

/** The objects of the cluster that tell about storage. Each call is one live read. */
public interface StorageObjects {

  /**
   * A claim.
   *
   * @param volume the volume that it is, or is to be, bound to
   * @param storageClass empty if it names none and waits for a default
   */
  record Claim(Optional<String> volume, Optional<String> storageClass) {}

  /** A volume. */
  record Volume(VolumeSource source, Optional<NodeSelector> requiredAffinity) {}

  /**
   * A storage class.
   *
   * @param retains whether the volumes it makes stay when their claims go
   */
  record StorageClass(String provisioner, boolean retains) {}

  /** The cluster did not answer, or not in a way that says anything. */
  final class LookupFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    public LookupFailedException(String words, Throwable cause) {
      super(words, cause);
    }
  }

  /** Returns the claim; empty if there is none. */
  Optional<Claim> claim(String namespace, String name) throws LookupFailedException;

  /** Returns the volume; empty if there is none. */
  Optional<Volume> volume(String name) throws LookupFailedException;

  /** Returns the storage class; empty if there is none. */
  Optional<StorageClass> storageClass(String name) throws LookupFailedException;
}
