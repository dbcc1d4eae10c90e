package dev.refloat.recovery;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A plan and the world that it is for, as {@link Oracle} looks at them. */
record Recovery(Situation world, Plan plan) {

  /** Whether it gives up a claim; the other kind finishes what was begun (S56). */
  boolean givesUp() {
    return !deleted().isEmpty();
  }

  /** The claims to be deleted. */
  Set<String> deleted() {
    return plan.steps().stream()
        .filter(Plan.Step.DeleteClaim.class::isInstance)
        .map(step -> step.target().name())
        .collect(Collectors.toSet());
  }

  boolean deletes(PodStorage storage) {
    return deleted().contains(storage.ref().claim());
  }

  /** Those of the pod's claims that are given up, by the name that the pod calls them. */
  List<PodStorage> givenUp() {
    return world.storage().stream().filter(this::deletes).toList();
  }

  List<PodStorage> left() {
    return world.storage().stream().filter(each -> !deletes(each)).toList();
  }

  /** Those given up that have a volume. */
  List<PodStorage.Present> lostVolumes() {
    return givenUp().stream()
        .filter(PodStorage.Present.class::isInstance)
        .map(PodStorage.Present.class::cast)
        .toList();
  }

  static Optional<Claim> claimOf(PodStorage storage) {
    return switch (storage) {
      case PodStorage.ClaimAbsent _ -> Optional.empty();
      case PodStorage.Unbound(_, Claim claim, _) -> Optional.of(claim);
      case PodStorage.VolumeAbsent(_, Claim claim, _, _) -> Optional.of(claim);
      case PodStorage.Present(_, Claim claim, _, _) -> Optional.of(claim);
    };
  }

  /** Whether the live set would make that claim again for the pod: template-set-ordinal (S31). */
  boolean fromTemplate(PodStorage storage) {
    return template(storage).isPresent();
  }

  Optional<ClaimTemplate> template(PodStorage storage) {
    for (ClaimTemplate template : set().claimTemplates()) {
      String name = template.name() + "-" + set().id().name() + "-" + ordinal();
      if (name.equals(storage.ref().claim()) && !storage.ref().ephemeral()) {
        return Optional.of(template);
      }
    }
    return Optional.empty();
  }

  OwningSet set() {
    return world.owner().orElseThrow();
  }

  /** What follows the last dash of the pod's name, which laws about pods check. */
  int ordinal() {
    String name = world.pod().id().name();
    return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
  }

  Wanted wanted() {
    return Wanted.of(set().templateAnnotations()).orElseThrow();
  }

  Optional<Node> nodeNamed(String name) {
    return world.cluster().nodes().stream().filter(node -> node.name().equals(name)).findAny();
  }
}
