package dev.refloat.controller.lean;

import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Pod;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What an object says about itself.
 *
 * @param deletionDue when it should be gone, once it is being deleted: {@code deletionTimestamp},
 *     which is the time of the request <em>plus</em> the grace period (<a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go">delete.go</a>)
 * @param controller its controlling owner
 */
public record Metadata(
    ObjectId id,
    Instant createdAt,
    Optional<Instant> deletionDue,
    Map<String, String> annotations,
    Optional<Pod.Owner> controller) {

  public Metadata {
    annotations = Map.copyOf(annotations);
  }

  public String name() {
    return id.name();
  }
}
