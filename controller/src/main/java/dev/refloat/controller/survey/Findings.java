package dev.refloat.controller.survey;

import dev.refloat.recovery.Situation;
import java.util.List;

/** What came of a survey. */
public sealed interface Findings {

  /** One for each suspected pod that is there, by name. Sightings and traffic are not filled in. */
  record Situations(List<Situation> situations) implements Findings {

    public Situations {
      situations = List.copyOf(situations);
    }
  }

  /** Something could not be read, so nothing is known. */
  record Unreadable(String why) implements Findings {}
}
