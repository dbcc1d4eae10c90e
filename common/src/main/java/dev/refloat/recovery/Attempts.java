package dev.refloat.recovery;

import dev.refloat.optin.Names;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which recovery made a claim, read from the claim itself: the loop guard's memory.
 *
 * <p>The count starts anew when the last recovery held, which {@link #held} tells while the pod
 * runs: when it is stranded again, nobody knows any more how long it was Ready.
 */
public final class Attempts {

  private static final Duration LONGEST = Duration.ofHours(1);

  private Attempts() {}

  /**
   * The attempt that made this claim; 0 for none of ours. What is no number counts as one: somebody
   * marked it.
   */
  public static int of(Claim claim) {
    String text = claim.annotations().get(Names.ATTEMPT);
    if (text == null) {
      return 0;
    }
    return text.matches("\\d{1,6}") ? Integer.parseInt(text) : 1;
  }

  /**
   * Whether a person has cleared the guard: took the number off a claim that still bears our label,
   * or wrote 0 on any.
   */
  static boolean cleared(Claim claim) {
    String text = claim.annotations().get(Names.ATTEMPT);
    return text == null ? claim.recovered() : text.equals("0");
  }

  /**
   * Whether one of our recoveries has marked this claim, also where a person has cleared the guard
   * since: then it is not to be marked again.
   */
  public static boolean marked(Claim claim) {
    return claim.recovered() || claim.annotations().containsKey(Names.ATTEMPT);
  }

  /** What to write on the claim that takes this one's place. */
  public static int next(Claim given) {
    return of(given) + 1;
  }

  /**
   * Whether the recovery that made this claim has held, so that its mark may go and the count
   * starts anew: once its pod has been Ready for twice its present cooldown.
   *
   * @param usual the first cooldown
   */
  public static boolean held(Claim claim, Pod pod, Duration usual, Instant now) {
    Instant settled = now.minus(cooldown(usual, of(claim)).multipliedBy(2));
    return pod.volumes().stream().anyMatch(ref -> ref.claim().equals(claim.name()))
        && !pod.terminating()
        && pod.readySince().filter(since -> !since.isAfter(settled)).isPresent();
  }

  /**
   * Until when the loop guard leaves this claim alone, which may be over; empty if it does not mind
   * it.
   *
   * @param usual the first cooldown; zero = there is no guard
   */
  public static Optional<Instant> guardedUntil(Claim claim, OwningSet set, Duration usual) {
    if (cleared(claim)) {
      return Optional.empty();
    }
    int attempt = of(claim);
    if (attempt == 0 && !claim.createdAt().isAfter(set.createdAt().plus(usual))) {
      return Optional.empty();
    }
    return Optional.of(claim.createdAt().plus(cooldown(usual, attempt)));
  }

  /** How long a claim of that attempt is left alone: doubles per attempt, up to an hour. */
  public static Duration cooldown(Duration usual, int attempt) {
    if (usual.isZero()) {
      // Doubling does not end here.
      return usual;
    }
    Duration cooldown = usual;
    for (int doubled = 1; doubled < attempt && cooldown.compareTo(LONGEST) < 0; doubled++) {
      cooldown = cooldown.multipliedBy(2);
    }
    return attempt > 1 && cooldown.compareTo(LONGEST) > 0 ? LONGEST : cooldown;
  }
}
