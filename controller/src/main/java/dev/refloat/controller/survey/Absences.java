package dev.refloat.controller.survey;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Since when each claim has answered 404, look after look. Time is an argument. */
final class Absences {

  private record Absence(Instant first, Instant last) {}

  private final Map<String, Absence> absences = new ConcurrentHashMap<>();

  /** How long the claim has been absent, this look included. */
  Duration seen(String claim, Instant now) {
    Absence absence =
        absences.merge(claim, new Absence(now, now), (before, _) -> new Absence(before.first, now));
    return Duration.between(absence.first, absence.last);
  }

  /** The claim is there. */
  void over(String claim) {
    absences.remove(claim);
  }

  void forgetBefore(Instant instant) {
    absences.values().removeIf(absence -> absence.last.isBefore(instant));
  }
}
