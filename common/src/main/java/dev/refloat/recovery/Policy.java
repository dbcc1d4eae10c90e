package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.settings.Percentage;
import dev.refloat.storage.LocalStorage;
import java.time.Duration;
import java.util.Map;

/**
 * What the administrator set, as far as deciding needs it.
 *
 * @param graces how long each state must have been observed where the opt-in does not say
 * @param cooldown how long the same ordinal is left alone after a recovery; doubles per attempt up
 *     to an hour
 * @param brake freeze when more than this share of all nodes is lost; 100 % = never
 * @param maxConcurrent how many recoveries may run at once
 * @param storage what counts as local
 */
public record Policy(
    Map<LostState, Duration> graces,
    Duration cooldown,
    Percentage brake,
    int maxConcurrent,
    LocalStorage storage) {

  public Policy {
    graces = Map.copyOf(graces);
    for (LostState state : LostState.values()) {
      if (!graces.containsKey(state)) {
        throw new IllegalArgumentException("no grace for " + state);
      }
    }
  }

  Duration graceOf(LostState state) {
    Duration grace = graces.get(state);
    if (grace == null) {
      throw new IllegalStateException("no grace for " + state);
    }
    return grace;
  }
}
