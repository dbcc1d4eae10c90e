package dev.refloat.release.chart;

import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of both processes as a chart has them: defaults as in the ConfigMap, with its
 * comments, and a schema that knows each name.
 *
 * @param defaults lines of the ConfigMap
 * @param meanings by the name of a setting, as {@code docs/settings.md} has them
 */
record Settings(List<String> defaults, Map<String, String> meanings) {

  /** Stands in values.yaml where they are to be. */
  private static final String PLACE = "  # SETTINGS";

  /**
   * What the chart itself says, because other objects have to say the same, and what is no matter
   * of a pod.
   */
  private static final Set<String> OF_THE_CHART =
      Set.of(
          "WATCHED_NAMESPACES",
          "REFLOAT_HTTP_ADDRESS",
          "REFLOAT_WEBHOOK_ADDRESS",
          "REFLOAT_WEBHOOK_CONFIGURATION",
          "REFLOAT_CERTIFICATES",
          "POD_NAMESPACE",
          "KUBECONFIG");

  static Settings of(Path checkout, Path configMap) {
    Map<String, String> meanings = new LinkedHashMap<>();
    Trees.read(checkout.resolve("docs/settings.md"))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|", -1))
        .filter(cells -> !OF_THE_CHART.contains(name(cells)))
        .forEach(cells -> meanings.put(name(cells), cells[cells.length - 2].strip()));
    if (meanings.isEmpty()) {
      throw new ReleaseFailed("docs/settings.md has no table of settings");
    }
    List<String> lines =
        ObjectText.in(Trees.read(configMap))
            .getFirst()
            .written("/data")
            .lines()
            .skip(1) // of the key
            .filter(line -> !isOfTheChart(line))
            .toList();
    return new Settings(lines, meanings);
  }

  private static String name(String[] cells) {
    return cells[1].strip().replace("`", "");
  }

  private static boolean isOfTheChart(String line) {
    return OF_THE_CHART.stream().anyMatch(name -> line.strip().startsWith(name + ":"));
  }

  /** Returns {@code values} with the defaults in it. */
  String values(String values) {
    if (!values.contains(PLACE)) {
      throw new ReleaseFailed("values.yaml has no line \"%s\"".formatted(PLACE));
    }
    return values.replace(PLACE, defaults.stream().collect(Collectors.joining("\n")));
  }
}
