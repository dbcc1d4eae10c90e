package dev.refloat.lab.cli;

import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Parsed;
import dev.refloat.settings.Problem;
import dev.refloat.settings.Settings;
import dev.refloat.settings.WebhookSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Whether a person wants Refloat on their lab, and how it is to be set. */
final class Refloat {

  @Option(
      names = "--refloat",
      description = "Run the webhook and the controller on it, and the ConfigMap of the manifests.")
  private boolean wanted;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "With --refloat: one of their settings, such as REFLOAT_COOLDOWN=0s.")
  private Map<String, String> settings = new TreeMap<>();

  boolean isWanted() {
    return wanted;
  }

  /** Returns the settings, with those of the lab unless the person said otherwise. */
  Map<String, String> settings(Map<String, String> ofTheLab) {
    Map<String, String> all = new TreeMap<>(ofTheLab);
    all.putAll(settings);
    return all;
  }

  /** Returns what is wrong with what the person said; nothing if all is well. */
  List<String> mistakes() {
    if (!wanted && !settings.isEmpty()) {
      return List.of("--set is for the webhook and the controller; expected --refloat as well");
    }
    // The lab reads their logs.
    Map<String, String> all = new TreeMap<>(settings);
    List<String> mistakes = new ArrayList<>();
    if (!"json".equals(all.getOrDefault("LOG_FORMAT", "json"))) {
      mistakes.add(
          "LOG_FORMAT is \"%s\"; expected json in the lab".formatted(all.get("LOG_FORMAT")));
    }
    all.keySet().stream()
        .filter(name -> !names().contains(name) && !name.startsWith("REFLOAT_"))
        .map(
            name ->
                "%s is not a setting of Refloat; docs/settings.md lists all of them"
                    .formatted(name))
        .forEach(mistakes::add);
    Stream.of(Settings.controller(all), Settings.webhook(all))
        .flatMap(Refloat::problems)
        .map(Problem::toString)
        .distinct()
        .forEach(mistakes::add);
    return mistakes;
  }

  /** Returns the names of all settings. */
  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    if (Settings.controller(Map.of()) instanceof Parsed.Good<ControllerSettings>(var controller)) {
      names.addAll(controller.describe().keySet());
    }
    if (Settings.webhook(Map.of()) instanceof Parsed.Good<WebhookSettings>(var webhook)) {
      names.addAll(webhook.describe().keySet());
    }
    return names;
  }

  private static Stream<Problem> problems(Parsed<?> parsed) {
    return switch (parsed) {
      case Parsed.Good<?> _ -> Stream.empty();
      case Parsed.Bad<?>(List<Problem> problems) -> problems.stream();
    };
  }

  /** Returns the arguments that say the same. */
  List<String> arguments() {
    if (!wanted) {
      return List.of();
    }
    List<String> arguments = new ArrayList<>(List.of("--refloat"));
    settings.forEach((name, value) -> arguments.add("--set=%s=%s".formatted(name, value)));
    return arguments;
  }
}
