package dev.refloat.recovery;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A live StatefulSet.
 *
 * @param start the first ordinal
 * @param claimTemplates its volumeClaimTemplates
 * @param annotations its own
 * @param templateAnnotations those of its pod template
 * @param ordered whether it starts its pods one after another (OrderedReady)
 * @param minReady how long a pod must have been Ready to count
 */
public record OwningSet(
    ObjectId id,
    int start,
    int replicas,
    List<ClaimTemplate> claimTemplates,
    Map<String, String> annotations,
    Map<String, String> templateAnnotations,
    boolean ordered,
    Duration minReady,
    Instant createdAt,
    boolean terminating) {

  public OwningSet {
    claimTemplates = List.copyOf(claimTemplates);
    annotations = Map.copyOf(annotations);
    templateAnnotations = Map.copyOf(templateAnnotations);
  }

  public String name() {
    return id.name();
  }

  /** The ordinal of a pod of this set by its name, empty if the name is none of this set's. */
  public OptionalInt ordinalOf(String pod) {
    String prefix = id.name() + "-";
    if (!pod.startsWith(prefix)) {
      return OptionalInt.empty();
    }
    String digits = pod.substring(prefix.length());
    if (!digits.matches("0|[1-9]\\d{0,8}")) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(Integer.parseInt(digits));
  }

  /** Whether the set wants a pod of this ordinal. */
  public boolean wants(int ordinal) {
    return ordinal >= start && ordinal < start + replicas;
  }

  /** Whether the set made this claim for the pod of that name, and would make it again. */
  public boolean made(Pod.ClaimRef ref, String pod) {
    return templateOf(ref, pod).isPresent();
  }

  /** The template that made this claim for the pod of that name; empty if none did. */
  Optional<ClaimTemplate> templateOf(Pod.ClaimRef ref, String pod) {
    return ref.ephemeral()
        ? Optional.empty()
        : claimTemplates.stream()
            .filter(template -> ref.claim().equals(template.name() + "-" + pod))
            .findFirst();
  }
}
