package dev.refloat.controller.survey;

import dev.refloat.recovery.Situation;
import java.time.Instant;
import java.util.List;

/** What came of a survey. */
public sealed interface Findings {

  /**
   * One for each suspected pod that is there. Sightings and traffic are not filled in.
   *
   * @param factsFrom when the oldest of all these facts was asked for
   */
  record Situations(List<Situation> situations, Instant factsFrom) implements Findings {

    public Situations {
      situations = List.copyOf(situations);
    }
  }

  /** Something could not be read, so nothing is known. */
  record Unreadable(String why) implements Findings {}
}
