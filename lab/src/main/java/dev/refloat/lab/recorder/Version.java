package dev.refloat.lab.recorder;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;

/**
 * One version of an object.
 *
 * @param change what made it; the object of {@code DELETED} is as it was last
 * @param object as the API server sent it
 * @param revision its resourceVersion as a number. All kinds share one etcd here, which numbers all
 *     writes in their order, so revisions of different kinds can be compared. Kubernetes does not
 *     promise that for every cluster; for the lab's it holds
 * @param receivedAt when the recorder got it, by the clock of this machine
 */
public record Version<T extends HasMetadata>(
    Change change, T object, long revision, Instant receivedAt) {

  static <T extends HasMetadata> Version<T> of(Change change, T object, Instant receivedAt) {
    return new Version<>(
        change, object, Long.parseLong(object.getMetadata().getResourceVersion()), receivedAt);
  }

  /** Returns the object's name. */
  public String name() {
    return object.getMetadata().getName();
  }

  /** Returns the object's UID. */
  public String uid() {
    return object.getMetadata().getUid();
  }

  /** Returns whether the object is being deleted in this version, or is gone with it. */
  public boolean deleting() {
    return change == Change.DELETED || object.getMetadata().getDeletionTimestamp() != null;
  }

  /** Returns whether this was written before {@code other}, whatever kinds they are of. */
  public boolean isBefore(Version<?> other) {
    return revision < other.revision;
  }

  @Override
  public String toString() {
    return "%s %s %s@%d%s"
        .formatted(change, object.getKind(), name(), revision, deleting() ? " deleting" : "");
  }
}
