package dev.refloat.release.chart;

import dev.refloat.release.ReleaseFailed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which manifests a chart is made of, and what it says otherwise, as its {@code recipe.yaml} has
 * it.
 *
 * @param namespace that the manifests name; a chart names that of its release
 * @param settings the object whose {@code data} are the chart's settings
 * @param files of {@code manifests} that are in the chart as they are, for templates to read
 */
record Recipe(
    String namespace, Optional<String> settings, List<Template> templates, List<String> files) {

  /**
   * A template of the chart.
   *
   * @param from a file of {@code manifests}
   * @param name of the template
   * @param around an action around all of it
   * @param texts what stands for each of these words wherever they are
   */
  record Template(
      String from,
      String name,
      Optional<String> around,
      Map<String, String> texts,
      List<At> openings) {

    /** What is said otherwise of the object of that name. */
    List<Opening> of(String object) {
      return openings.stream()
          .filter(each -> each.object().equals(object))
          .map(At::opening)
          .toList();
    }
  }

  /** An opening, and the object that it is of. */
  record At(String object, Opening opening) {}

  /**
   * Reads one.
   *
   * @throws ReleaseFailed if something is in it that is not known
   */
  static Recipe parse(Path file, String text) {
    Entry whole = Entry.of(file.toString(), Yaml.load(file, text), "");
    whole.has("namespace", "settings", "templates", "files");
    return new Recipe(
        whole.text("namespace"),
        whole.optional("settings"),
        whole.list("templates", Recipe::template),
        whole.elements("files").stream().map(Object::toString).toList());
  }

  private static Template template(Entry entry) {
    entry.has("from", "name", "around", "each", "texts", "openings");
    String from = entry.text("from");
    return new Template(
        from,
        entry.optional("name").orElseGet(() -> Path.of(from).getFileName().toString()),
        entry.optional("around"),
        entry.texts("texts"),
        entry.forEach().stream()
            .flatMap(each -> each.list("openings", Recipe::opening).stream())
            .distinct()
            .toList());
  }

  private static At opening(Entry entry) {
    entry.has("object", "at", "value", "then", "around", "out");
    String object = entry.text("object");
    List<Opening> openings =
        Stream.<Optional<Opening>>of(
                entry.optional("value").map(text -> new Opening.Value(entry.text("at"), text)),
                entry.optional("then").map(text -> new Opening.Then(entry.text("at"), text)),
                entry.optional("around").map(Opening.Around::new),
                entry.optional("out").filter("true"::equals).map(_ -> new Opening.LeftOut()))
            .flatMap(Optional::stream)
            .toList();
    if (openings.size() != 1) {
      throw entry.wrong("expected one of value, then, around, out: true for " + object);
    }
    return new At(object, openings.getFirst());
  }

  /**
   * A mapping of the file.
   *
   * @param each what {@code <each>} stands for in it
   */
  private record Entry(String file, Map<?, ?> values, String each) {

    static Entry of(String file, @Nullable Object value, String each) {
      if (value instanceof Map<?, ?> map) {
        return new Entry(file, map, each);
      }
      throw new ReleaseFailed("%s: expected a mapping, got %s".formatted(file, value));
    }

    void has(String... known) {
      for (Object key : values.keySet()) {
        if (!List.of(known).contains(key)) {
          throw wrong("expected %s, got %s".formatted(String.join(", ", known), key));
        }
      }
    }

    String text(String key) {
      return optional(key).orElseThrow(() -> wrong("expected " + key + " in " + values));
    }

    Optional<String> optional(String key) {
      return Optional.ofNullable(values.get(key))
          .map(value -> value.toString().replace("<each>", each));
    }

    Map<String, String> texts(String key) {
      return switch (values.get(key)) {
        case null -> Map.of();
        case Map<?, ?> texts ->
            texts.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        each -> each.getKey().toString(), each -> each.getValue().toString()));
        case Object other -> throw wrong("expected a mapping of %s, got %s".formatted(key, other));
      };
    }

    <T> List<T> list(String key, Function<Entry, T> read) {
      return elements(key).stream().map(value -> read.apply(of(file, value, each))).toList();
    }

    /** Returns the same once for each that it is of; once if it is of nobody. */
    List<Entry> forEach() {
      List<?> names = elements("each");
      return names.isEmpty()
          ? List.of(this)
          : names.stream().map(name -> new Entry(file, values, name.toString())).toList();
    }

    private List<?> elements(String key) {
      return switch (values.get(key)) {
        case null -> List.of();
        case List<?> elements -> elements;
        case Object other -> throw wrong("expected a list of %s, got %s".formatted(key, other));
      };
    }

    ReleaseFailed wrong(String why) {
      return new ReleaseFailed(file + ": " + why);
    }
  }
}
