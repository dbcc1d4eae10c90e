package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The objects of a text that is applied to a cluster. */
final class YamlObjects {

  private static final ObjectMapper JSON = new ObjectMapper();

  private YamlObjects() {}

  /**
   * Returns them by kind, namespace and name, such as {@code Service refloat-system
   * refloat-webhook}.
   */
  static SortedMap<String, JsonNode> byName(String yaml) {
    SortedMap<String, JsonNode> objects = new TreeMap<>();
    for (Object read : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      JsonNode node = JSON.valueToTree(read);
      Iterable<JsonNode> all =
          node.path("kind").asText().equals("List") ? node.path("items") : List.of(node);
      for (JsonNode object : all) {
        if (object.isObject()) { // as between two lines of --- it is not
          String name =
              "%s %s %s"
                  .formatted(
                      object.path("kind").asText(),
                      object.at("/metadata/namespace").asText(),
                      object.at("/metadata/name").asText());
          assertThat(objects.put(name, object)).as("another %s", name).isNull();
        }
      }
    }
    return objects;
  }
}
