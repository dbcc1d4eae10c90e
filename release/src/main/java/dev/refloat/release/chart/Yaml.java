package dev.refloat.release.chart;

import dev.refloat.release.ReleaseFailed;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads YAML whose comments are of no interest. */
final class Yaml {

  private Yaml() {}

  /**
   * Returns what {@code text} says: maps, lists and scalars.
   *
   * @param file that it is of, for a person
   * @throws ReleaseFailed if it is no YAML
   */
  static @Nullable Object load(Path file, String text) {
    try {
      return new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new ReleaseFailed("%s: expected YAML: %s".formatted(file, e.getMessage()), e);
    }
  }
}
