package dev.refloat.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The texts that a process was started with, and the mistakes found in them so far. */
final class Environment {

  private static final String PREFIX = "REFLOAT_";

  /** Read by others than the processes themselves: the launcher, and everything of the lab. */
  private static final String JAVA_HOME = "REFLOAT_JAVA_HOME";

  private static final String LAB = "REFLOAT_LAB_";

  private final Map<String, String> texts;
  private final List<Problem> problems = new ArrayList<>();

  Environment(Map<String, String> texts) {
    this.texts = Map.copyOf(texts);
    this.texts.forEach(this::refuseIfUnknown);
  }

  /**
   * Returns the value of a setting. If its text is wrong, that is noted and its default is
   * returned, so that the settings after it can be checked as well; {@link #unlessWrong} keeps it
   * in.
   */
  <T> T value(Setting<T> setting) {
    String text = texts.getOrDefault(setting.name(), "");
    return switch (setting.read(text)) {
      case Reading.Value<T>(T value) -> value;
      case Reading.Expected<T>(String words) -> {
        problems.add(new Problem.Refused(setting.name(), text, words));
        yield setting.byDefault();
      }
    };
  }

  /** Notes that two settings do not go together, unless one of them is wrong by itself. */
  void refuseIf(boolean clash, Setting<?> setting, String expected, Setting<?> other) {
    boolean wrongAnyway =
        problems.stream()
            .map(Problem::name)
            .anyMatch(name -> name.equals(setting.name()) || name.equals(other.name()));
    if (clash && !wrongAnyway) {
      String text = texts.getOrDefault(setting.name(), "");
      problems.add(
          new Problem.Refused(
              setting.name(), text.isBlank() ? setting.fallback() : text, expected));
    }
  }

  <T> Parsed<T> unlessWrong(T settings) {
    return problems.isEmpty()
        ? new Parsed.Good<>(settings)
        : new Parsed.Bad<>(problems.stream().sorted(Comparator.comparing(Problem::name)).toList());
  }

  private void refuseIfUnknown(String name, String text) {
    boolean known =
        !name.startsWith(PREFIX)
            || name.equals(JAVA_HOME)
            || name.startsWith(LAB)
            || Contract.ALL.stream().anyMatch(setting -> setting.name().equals(name))
            || ServiceVariables.isOne(name, text);
    if (!known) {
      problems.add(new Problem.Unknown(name, nearest(name)));
    }
  }

  private static Optional<String> nearest(String name) {
    return Nearest.nearest(
        name,
        Stream.concat(Contract.ALL.stream().map(Setting::name), Stream.of(JAVA_HOME)).toList());
  }
}
