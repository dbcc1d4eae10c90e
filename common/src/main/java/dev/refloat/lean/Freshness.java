package dev.refloat.lean;

import java.util.Optional;

/**
 * How new a list has to be.
 *
 * <p>Before Kubernetes 1.31 a list of the latest state reads every object of the kind from etcd,
 * whatever its selectors (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list">the
 * semantics</a>).
 */
public enum Freshness {
  /** As the API server remembers it; may be behind, costs no read of etcd. */
  REMEMBERED(Optional.of("0")),

  /** As it is now. */
  LATEST(Optional.empty());

  private final Optional<String> resourceVersion;

  Freshness(Optional<String> resourceVersion) {
    this.resourceVersion = resourceVersion;
  }

  Optional<String> resourceVersion() {
    return resourceVersion;
  }
}
