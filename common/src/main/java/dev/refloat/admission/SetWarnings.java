package dev.refloat.admission;

import dev.refloat.optin.Data;
import dev.refloat.optin.Names;
import dev.refloat.optin.OptIn;
import dev.refloat.storage.LocalStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;

/** Finds what of an opt-in, or all of it, can have no effect, and says so in one sentence each. */
final class SetWarnings {

  private SetWarnings() {}

  /** A set that has opted in. */
  static List<String> of(
      SetFacts set, OptIn optIn, List<ClassStorage> classes, LocalStorage storage) {
    List<String> warnings = new ArrayList<>();
    if (Names.isPaused(set.own().annotations())) {
      warnings.add(
          Names.PAUSED + " is on this StatefulSet: Refloat leaves it alone until that is removed");
    }
    claims(set, classes, storage).ifPresent(warnings::add);
    for (String claim : set.claims()) {
      warnings.add(
          "claim %s is not from a volumeClaimTemplate, so Refloat never gives it up"
              .formatted(claim));
    }
    if (set.replicas() <= 1 && set.template().annotations().containsKey(Names.MIN_READY)) {
      warnings.add(
          "%s has no effect with %s: there are no other replicas that could be Ready"
              .formatted(Names.MIN_READY, set.replicas() == 1 ? "one replica" : "0 replicas"));
    }
    if (optIn.data() == Data.DISCARD) {
      retaining(set, classes, storage).forEach(warnings::add);
    }
    return List.copyOf(warnings);
  }

  /** A set that has not opted in, although it says something. */
  static List<String> ofNone(SetFacts set) {
    SortedMap<String, String> said = set.template().annotations();
    return said.isEmpty() || said.containsKey(Names.RECOVER)
        ? List.of()
        : List.of(
            "%s: no effect without %s".formatted(String.join(", ", said.keySet()), Names.RECOVER));
  }

  /** Why nothing of this set could ever be given up. */
  private static Optional<String> claims(
      SetFacts set, List<ClassStorage> classes, LocalStorage storage) {
    if (set.claimTemplates().isEmpty()) {
      return Optional.of(
          Names.RECOVER
              + " has no effect: the StatefulSet has no volumeClaimTemplates, and Refloat gives up"
              + " claims from these only");
    }
    List<String> remote = new ArrayList<>();
    for (SetFacts.ClaimTemplate template : set.claimTemplates()) {
      Optional<ClassStorage.Found> found =
          found(template, classes).filter(each -> !storage.mayBeLocal(each.provisioner()));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      remote.add(
          "%s (class %s by %s)"
              .formatted(template.name(), found.get().name(), found.get().provisioner()));
    }
    return Optional.of(
        "%s has no effect: none of the claim templates asks for local storage: %s"
            .formatted(Names.RECOVER, String.join(", ", remote)));
  }

  private static List<String> retaining(
      SetFacts set, List<ClassStorage> classes, LocalStorage storage) {
    TreeSet<String> names = new TreeSet<>();
    for (SetFacts.ClaimTemplate template : set.claimTemplates()) {
      found(template, classes)
          .filter(each -> each.retains() && storage.mayBeLocal(each.provisioner()))
          // Volumes that are made by hand have their own policy, whatever the class says.
          .filter(each -> !LocalStorage.isStatic(each.provisioner()))
          .ifPresent(each -> names.add(each.name()));
    }
    return names.stream()
        .map(
            name ->
                "%s: discard frees no disk: StorageClass %s has reclaimPolicy Retain, so its volumes stay until a person deletes them"
                    .formatted(Names.DATA, name))
        .toList();
  }

  private static Optional<ClassStorage.Found> found(
      SetFacts.ClaimTemplate template, List<ClassStorage> classes) {
    return template
        .storageClass()
        .flatMap(name -> classes.stream().filter(each -> each.name().equals(name)).findFirst())
        .filter(ClassStorage.Found.class::isInstance)
        .map(ClassStorage.Found.class::cast);
  }
}
