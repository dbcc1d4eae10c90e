package dev.refloat.release.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.refloat.release.Checkout;
import dev.refloat.release.ReleaseFailed;
import dev.refloat.release.Trees;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A chart of Helm, made of the text of manifests and of what is written for it by hand.
 *
 * <p>What is written by hand is in {@code release/src/main/charts/NAME}: {@code recipe.yaml} says
 * which manifests become templates and what differs in them; all other files are taken as they are,
 * but for {@code @VERSION@}, {@code @REGISTRY@} and the settings.
 *
 * @param name of the chart
 * @param version of the chart, and of what it installs
 * @param files by their path in the chart
 */
public record Chart(String name, String version, SortedMap<String, String> files) {

  private static final String RECIPE = "recipe.yaml";
  private static final String SCHEMA = "values.schema.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * Makes one.
   *
   * @param registry put before the names of images, with a slash at its end, or empty
   * @throws ReleaseFailed if a place that the chart opens is not in the manifests
   */
  public static Chart of(Checkout checkout, String name, String registry) {
    String version = checkout.version();
    Path folder = checkout.folder().resolve("release/src/main/charts").resolve(name);
    Recipe recipe = Recipe.parse(folder.resolve(RECIPE), Trees.read(folder.resolve(RECIPE)));
    SortedMap<String, String> files = new TreeMap<>();
    for (Path file : Trees.all(folder)) {
      String path = folder.relativize(file).toString();
      if (Files.isRegularFile(file) && !path.equals(RECIPE)) {
        files.put(
            path, Trees.read(file).replace("@VERSION@", version).replace("@REGISTRY@", registry));
      }
    }
    Path manifests = checkout.folder().resolve("manifests");
    for (Recipe.Template template : recipe.templates()) {
      files.put(
          "templates/" + template.name(),
          opened(recipe, template, Trees.read(manifests.resolve(template.from()))));
    }
    for (String file : recipe.files()) {
      Path from = manifests.resolve(file);
      files.put(from.getFileName().toString(), Trees.read(from));
    }
    recipe
        .settings()
        .ifPresent(
            from -> {
              Settings settings = Settings.of(checkout.folder(), manifests.resolve(from));
              files.computeIfPresent("values.yaml", (_, text) -> settings.values(text));
              files.computeIfPresent(SCHEMA, (_, text) -> withSettings(text, settings));
            });
    return new Chart(name, version, files);
  }

  private static String opened(Recipe recipe, Recipe.Template template, String manifest) {
    List<ObjectText> objects = ObjectText.in(manifest);
    Set<String> unknown =
        template.openings().stream()
            .map(Recipe.At::object)
            .collect(Collectors.toCollection(HashSet::new));
    objects.forEach(each -> unknown.remove(each.name()));
    if (!unknown.isEmpty()) {
      throw new ReleaseFailed(
          "%s opens %s, of which there is none; there are %s"
              .formatted(template.from(), unknown, objects));
    }
    List<String> lines = new ArrayList<>();
    template.around().ifPresent(action -> lines.add("{{- %s }}%n".formatted(action)));
    objects.forEach(each -> lines.add(each.opened(template.of(each.name()))));
    template.around().ifPresent(_ -> lines.add("{{- end }}\n"));
    String text = String.join("", lines);
    for (Map.Entry<String, String> instead : template.texts().entrySet()) {
      if (!text.contains(instead.getKey())) {
        throw new ReleaseFailed(
            "there is no \"%s\" in %s".formatted(instead.getKey(), template.from()));
      }
      text = text.replace(instead.getKey(), instead.getValue());
    }
    return text.replace(recipe.namespace(), "{{ $.Release.Namespace | quote }}");
  }

  private static String withSettings(String schema, Settings settings) {
    try {
      JsonNode whole = JSON.readTree(schema);
      if (whole.at("/properties/settings") instanceof ObjectNode node) {
        ObjectNode properties = node.putObject("properties");
        settings
            .meanings()
            .forEach(
                (name, meaning) -> {
                  ObjectNode property = properties.putObject(name);
                  property.put("description", meaning);
                  property.putArray("allOf").addObject().put("$ref", "#/definitions/setting");
                });
        return JSON.writeValueAsString(whole) + "\n";
      }
      throw new ReleaseFailed(SCHEMA + " says nothing of /properties/settings");
    } catch (JsonProcessingException e) {
      throw new ReleaseFailed(SCHEMA + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Writes the chart as a folder of its name in {@code target}, in place of what was there. */
  public Path write(Path target) {
    Path folder = Trees.fresh(target.resolve(name));
    files.forEach((path, text) -> Trees.write(folder.resolve(path), text));
    return folder;
  }
}
