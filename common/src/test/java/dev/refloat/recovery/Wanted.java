package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An opt-in as a careful person reads it, for {@link Oracle}: what is not exactly right is none.
 *
 * @param minReady as it is written
 */
record Wanted(Set<LostState> states, boolean keep, Optional<Duration> after, String minReady) {

  private static final List<String> KNOWN =
      List.of(
          "refloat.dev/recover", "refloat.dev/data", "refloat.dev/after", "refloat.dev/min-ready");

  private static final Pattern AFTER = Pattern.compile("(\\d+h)?(\\d+m)?(\\d+s)?(\\d+ms)?");

  static Optional<Wanted> of(Map<String, String> annotations) {
    for (String name : annotations.keySet()) {
      if (name.startsWith("refloat.dev/") && !KNOWN.contains(name)) {
        return Optional.empty();
      }
    }
    Set<LostState> states = states(annotations.getOrDefault("refloat.dev/recover", "false"));
    String data = annotations.getOrDefault("refloat.dev/data", "keep");
    String minReady = annotations.getOrDefault("refloat.dev/min-ready", "100%");
    String after = annotations.get("refloat.dev/after");
    if (states.isEmpty()
        || !List.of("keep", "discard").contains(data)
        || !minReady.matches("\\d{1,9}|\\d{1,2}%|100%")) {
      return Optional.empty();
    }
    Optional<Duration> grace = after == null ? Optional.empty() : duration(after);
    if (after != null && (grace.isEmpty() || grace.get().compareTo(Duration.ofDays(1)) > 0)) {
      return Optional.empty();
    }
    return Optional.of(new Wanted(states, data.equals("keep"), grace, minReady));
  }

  private static Set<LostState> states(String recover) {
    Set<LostState> states = EnumSet.noneOf(LostState.class);
    switch (recover) {
      case "true" -> states.add(LostState.GONE);
      case "false" -> {}
      default -> {
        for (String word : recover.split(",", -1)) {
          boolean isNew =
              switch (word) {
                case "node-gone" -> states.add(LostState.GONE);
                case "node-not-ready" -> states.add(LostState.NOT_READY);
                case "node-cordoned" -> states.add(LostState.CORDONED);
                case "node-tainted" -> states.add(LostState.TAINTED);
                default -> false;
              };
          if (!isNew) {
            return Set.of();
          }
        }
      }
    }
    return states;
  }

  private static Optional<Duration> duration(String text) {
    Matcher parts = AFTER.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    // The grammar of java.time, but for the milliseconds, which no world uses.
    return Optional.of(Duration.parse("PT" + text));
  }

  /** How many of that many others must be well. */
  int required(int others) {
    if (minReady.endsWith("%")) {
      int percent = Integer.parseInt(minReady.substring(0, minReady.length() - 1));
      return (int) Math.ceil(others * percent / 100.0);
    }
    return (int) Math.min(others, Long.parseLong(minReady));
  }
}
