package dev.refloat.recovery;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A PersistentVolumeClaim.
 *
 * @param phase as in the API: {@code Pending}, {@code Bound}, {@code Lost}
 * @param volumeName what {@code spec.volumeName} says
 * @param recovered whether it bears the label of the claims that our recoveries had made anew
 * @param selectedNode the node that the scheduler chose while the claim waits to be provisioned
 * @param bytes what it requests
 * @param mode {@code Filesystem} or {@code Block}
 */
public record Claim(
    ObjectId id,
    String phase,
    Optional<String> volumeName,
    Optional<String> storageClass,
    Map<String, String> annotations,
    boolean recovered,
    Set<String> finalizers,
    Instant createdAt,
    boolean terminating,
    Optional<String> selectedNode,
    long bytes,
    Set<String> accessModes,
    String mode) {

  public Claim {
    annotations = Map.copyOf(annotations);
    finalizers = Set.copyOf(finalizers);
    accessModes = Set.copyOf(accessModes);
  }

  public String name() {
    return id.name();
  }
}
