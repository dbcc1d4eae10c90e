package dev.refloat.controller.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * When each pinned node was last known, by a live read, to be as it was. Time is an argument.
 *
 * <p>A watch that is blocked on the way tells nothing and looks well, so that it confirms nothing
 * (S48). Who has not looked for five seconds may have missed a return (S10).
 */
final class Confirmations {

  static final Duration LONGEST_GAP = Duration.ofSeconds(5);

  private final Map<String, Instant> confirmedAt = new HashMap<>();

  /** Nodes that were read again, but too late to vouch for the time in between. */
  private final Set<String> late = new HashSet<>();

  /** The node is to be looked at from now on. */
  synchronized void begin(String name, Instant now) {
    confirmedAt.put(name, now);
  }

  /**
   * The node was read.
   *
   * @param then when it was asked for
   */
  synchronized void confirmed(String name, Instant then) {
    confirmedAt.computeIfPresent(
        name,
        (_, before) -> {
          if (!then.isAfter(before)) {
            return before;
          }
          if (isTooLong(before, then)) {
            late.add(name);
          }
          return then;
        });
  }

  synchronized void forget(String name) {
    confirmedAt.remove(name);
    late.remove(name);
  }

  /**
   * The nodes that nobody could vouch for in time; each is told once, and has its full time again.
   */
  synchronized Set<String> overdue(Instant now) {
    Set<String> overdue =
        confirmedAt.entrySet().stream()
            .filter(each -> isTooLong(each.getValue(), now) || late.contains(each.getKey()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    overdue.forEach(name -> confirmedAt.put(name, now));
    late.clear();
    return overdue;
  }

  private static boolean isTooLong(Instant from, Instant to) {
    return Duration.between(from, to).abs().compareTo(LONGEST_GAP) > 0;
  }
}
