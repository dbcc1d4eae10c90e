package dev.refloat.recovery;

/**
 * One version of one object: what a write is guarded by.
 *
 * @param namespace empty for cluster-scoped objects
 * @param name unique among its kind and namespace at one time, not over time
 * @param uid unique over time
 * @param resourceVersion opaque; equal means unchanged
 */
public record ObjectId(String namespace, String name, String uid, String resourceVersion) {

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
