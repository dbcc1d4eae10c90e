package dev.refloat.recovery;

import java.util.Optional;
import java.util.Set;

/**
 * A volumeClaimTemplate: what the claim will be that takes a lost one's place. It need not be like
 * the lost one, which may have been enlarged since.
 *
 * @param storageClass empty = whatever is the default class then; the empty name = none
 * @param bytes what it requests
 * @param mode {@code Filesystem} or {@code Block}
 */
public record ClaimTemplate(
    String name, Optional<String> storageClass, long bytes, Set<String> accessModes, String mode) {

  public ClaimTemplate {
    accessModes = Set.copyOf(accessModes);
  }
}
