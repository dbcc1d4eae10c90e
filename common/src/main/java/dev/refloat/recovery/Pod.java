package dev.refloat.recovery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod, as far as it is decided about.
 *
 * @param phase as in the API: {@code Pending}, {@code Running}, ...
 * @param node the node that it is bound to
 * @param nominatedNode the node that the scheduler means to use; it sets this while it binds
 *     volumes, too
 * @param gated whether it has scheduling gates
 * @param terminating whether it has a deletion timestamp
 * @param controller its controlling owner
 * @param volumes those of its volumes that stand for a claim, in the order of the object
 * @param readySince since when it is Ready; empty if it is not
 */
public record Pod(
    ObjectId id,
    Map<String, String> annotations,
    String phase,
    Optional<String> node,
    Optional<String> nominatedNode,
    boolean gated,
    boolean terminating,
    Instant createdAt,
    Optional<Owner> controller,
    List<ClaimRef> volumes,
    Optional<Instant> readySince,
    Placement placement) {

  public Pod {
    annotations = Map.copyOf(annotations);
    volumes = List.copyOf(volumes);
  }

  public String name() {
    return id.name();
  }

  /** Whether it will never run again, so that it uses nothing any more. */
  public boolean finished() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /** Whether it waits for a node. */
  public boolean unscheduled() {
    return phase.equals("Pending") && node.isEmpty();
  }

  /** The controlling owner of an object. */
  public record Owner(String kind, String name, String uid) {

    public boolean isStatefulSet() {
      return kind.equals("StatefulSet");
    }
  }

  /**
   * A claim among the pod's volumes.
   *
   * @param volume the volume's name in the pod, which is the template's name in a StatefulSet
   * @param claim the claim's name
   * @param ephemeral whether it is a generic ephemeral volume: its claim belongs to the pod
   */
  public record ClaimRef(String volume, String claim, boolean ephemeral) {}
}
