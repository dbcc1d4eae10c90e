package dev.refloat.optin;

import dev.refloat.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the opt-in out of a pod's (or a pod template's) annotations.
 *
 * <p>Every mistake is found, not just the first. A malformed value is never replaced by a default:
 * what the user meant to say may have been "less". Without {@code refloat.dev/recover} nothing is
 * opted in, but a stray sibling annotation is still said.
 */
public final class OptInReader {

  private static final Duration LONGEST_GRACE = Duration.ofHours(24);
  private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,9}");

  /**
   * All states twice; what is left is taken for one word. Whoever reads every pod of a cluster must
   * not keep a mistake for each of 100,000 commas.
   */
  private static final int MOST_WORDS = 8;

  /** We know five names. */
  private static final int MOST_NAMES = 50;

  private static final String STATES = "node-gone, node-not-ready, node-cordoned, node-tainted";

  private OptInReader() {}

  public static OptInReading read(Map<String, String> annotations) {
    Map<String, String> ours = new TreeMap<>();
    annotations.forEach(
        (name, value) -> {
          if (name.startsWith(Names.PREFIX)) {
            ours.put(name, value);
          }
        });
    if (ours.isEmpty()) {
      return new OptInReading.No();
    }
    if (ours.size() > MOST_NAMES) {
      return new OptInReading.Malformed(
          List.of(
              new Mistake(
                  Names.PREFIX + "*",
                  ours.size() + " annotations",
                  "one of " + String.join(", ", Names.IN_TEMPLATE) + " each")));
    }
    List<Mistake> mistakes = new ArrayList<>();
    ours.forEach((name, value) -> unknown(name, value).ifPresent(mistakes::add));
    Set<LostState> states = EnumSet.noneOf(LostState.class);
    if (ours.containsKey(Names.RECOVER)) {
      states = states(ours.get(Names.RECOVER), mistakes);
    }
    Data data =
        Optional.ofNullable(ours.get(Names.DATA))
            .map(value -> data(value, mistakes))
            .orElse(Data.KEEP);
    Optional<Duration> after =
        Optional.ofNullable(ours.get(Names.AFTER)).flatMap(value -> after(value, mistakes));
    MinReady minReady =
        Optional.ofNullable(ours.get(Names.MIN_READY))
            .map(value -> minReady(value, mistakes))
            .orElse(new MinReady.All());
    if (!mistakes.isEmpty()) {
      mistakes.sort(Comparator.comparing(Mistake::annotation));
      return new OptInReading.Malformed(mistakes);
    }
    return states.isEmpty()
        ? new OptInReading.No()
        : new OptInReading.Yes(new OptIn(new TreeSet<>(states), data, after, minReady));
  }

  private static Optional<Mistake> unknown(String name, String value) {
    if (Names.IN_TEMPLATE.contains(name)) {
      return Optional.empty();
    }
    if (name.equals(Names.PAUSED)) {
      return Optional.of(
          new Mistake(name, value, "it on the StatefulSet or its Namespace, not on the pod"));
    }
    return Optional.of(
        new Mistake(
            name,
            value,
            "one of "
                + String.join(", ", Names.IN_TEMPLATE)
                + Names.suggestion(name, Names.IN_TEMPLATE)));
  }

  private static Set<LostState> states(String value, List<Mistake> mistakes) {
    if (value.equals("true")) {
      return EnumSet.of(LostState.GONE);
    }
    Set<LostState> states = EnumSet.noneOf(LostState.class);
    if (value.equals("false")) {
      return states;
    }
    for (String word : value.split(",", MOST_WORDS)) {
      Optional<LostState> state = LostState.of(word);
      if (state.isEmpty()) {
        mistakes.add(
            new Mistake(
                Names.RECOVER,
                value,
                "true, false, or a comma list of " + STATES + "; \"" + word + "\" is none"));
      } else if (!states.add(state.get())) {
        mistakes.add(
            new Mistake(
                Names.RECOVER, value, "each state once; " + state.get() + " is there twice"));
      }
    }
    return states;
  }

  private static Data data(String value, List<Mistake> mistakes) {
    return switch (value) {
      case "keep" -> Data.KEEP;
      case "discard" -> Data.DISCARD;
      default -> {
        mistakes.add(new Mistake(Names.DATA, value, "keep or discard"));
        yield Data.KEEP;
      }
    };
  }

  private static Optional<Duration> after(String value, List<Mistake> mistakes) {
    Optional<Duration> duration =
        Durations.parse(value).filter(grace -> grace.compareTo(LONGEST_GRACE) <= 0);
    if (duration.isEmpty()) {
      mistakes.add(
          new Mistake(Names.AFTER, value, "a duration from 0s to 24h such as 30s, 10m or 1h30m"));
    }
    return duration;
  }

  private static MinReady minReady(String value, List<Mistake> mistakes) {
    boolean share = value.endsWith("%");
    String digits = share ? value.substring(0, value.length() - 1) : value;
    if (WHOLE_NUMBER.matcher(digits).matches()) {
      int number = Integer.parseInt(digits);
      if (!share) {
        return new MinReady.Count(number);
      }
      if (number <= 100) {
        return new MinReady.Percent(number);
      }
    }
    mistakes.add(
        new Mistake(
            Names.MIN_READY, value, "a whole number such as 2, or a percentage from 0% to 100%"));
    return new MinReady.All();
  }
}
