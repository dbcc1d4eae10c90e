package dev.refloat.controller.report;

import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.OwningSet;
import dev.refloat.recovery.Situation;
import java.util.Optional;

/**
 * Whom a recovery is about.
 *
 * @param set the pod's StatefulSet; empty if there is none
 */
public record Concerned(ObjectId pod, Optional<ObjectId> set) {

  public static Concerned of(Situation situation) {
    return new Concerned(situation.pod().id(), situation.owner().map(OwningSet::id));
  }
}
