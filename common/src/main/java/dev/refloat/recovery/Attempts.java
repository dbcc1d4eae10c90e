package dev.refloat.recovery;

import dev.refloat.optin.Names;
import java.time.Duration;
import java.time.Instant;

/**
 * Which recovery made a claim, read from the claim itself: the loop guard's memory.
 *
 * <p>The count starts anew when the last recovery held: when the claim stayed for three times its
 * cooldown, one for the cooldown itself and twice that in use.
 */
public final class Attempts {

  private static final Duration LONGEST = Duration.ofHours(1);

  private Attempts() {}

  /**
   * The attempt that made this claim; 0 for none of ours. What is no number counts as one: somebody
   * marked it.
   */
  static int of(Claim claim) {
    String text = claim.annotations().get(Names.ATTEMPT);
    if (text == null) {
      return 0;
    }
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 1;
  }

  /** What to write on the claim that takes this one's place. */
  public static int next(Claim given, Situation situation) {
    int attempt = of(given);
    Instant held =
        given.createdAt().plus(cooldown(situation.policy().cooldown(), attempt).multipliedBy(3));
    return situation.observedAt().isAfter(held) ? 1 : attempt + 1;
  }

  /** How long a claim of that attempt is left alone: doubles per attempt, up to an hour. */
  static Duration cooldown(Duration usual, int attempt) {
    Duration cooldown = usual;
    for (int doubled = 1; doubled < attempt && cooldown.compareTo(LONGEST) < 0; doubled++) {
      cooldown = cooldown.multipliedBy(2);
    }
    return attempt > 1 && cooldown.compareTo(LONGEST) > 0 ? LONGEST : cooldown;
  }
}
