package dev.refloat.recovery;

import java.util.Optional;

/** One question of the checklist. */
interface Rule {

  /** Why the pod may not be refloated now, or empty if this rule has nothing against it. */
  Optional<Verdict> objection(Situation situation);
}
