package dev.refloat.recovery;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod says about itself without its {@code spec} and {@code status}.
 *
 * @param deletionDue when it should be gone, once it is being deleted: {@code deletionTimestamp},
 *     which is the time of the request <em>plus</em> the grace period (<a
 *     href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/registry/rest/delete.go">{@code
 *     BeforeDelete}</a>)
 * @param controller its controlling owner
 */
public record PodMetadata(
    ObjectId id,
    Instant createdAt,
    Optional<Instant> deletionDue,
    Map<String, String> annotations,
    Optional<Pod.Owner> controller) {

  public PodMetadata {
    annotations = Map.copyOf(annotations);
  }
}
