package dev.refloat.admission;

import java.util.List;
import java.util.Optional;

/**
 * What matters about a StatefulSet that is about to be created or changed.
 *
 * @param name as far as it is known
 * @param own what the set itself says
 * @param template what its pods will say
 * @param claims names of the claims that the pod template mounts by name, in its order; those from
 *     claim templates are not among them
 */
public record SetFacts(
    String name,
    int replicas,
    Marks own,
    Marks template,
    List<String> claims,
    List<ClaimTemplate> claimTemplates) {

  public SetFacts {
    claims = List.copyOf(claims);
    claimTemplates = List.copyOf(claimTemplates);
  }

  /**
   * One of {@code spec.volumeClaimTemplates}.
   *
   * @param storageClass empty if it leaves the choice to the cluster's default, or wants none
   */
  public record ClaimTemplate(String name, Marks marks, Optional<String> storageClass) {}
}
