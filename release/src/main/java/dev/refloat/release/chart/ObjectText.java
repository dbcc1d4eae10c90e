package dev.refloat.release.chart;

import dev.refloat.release.ReleaseFailed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * One object of a manifest, as it is written: with its comments, and where in the text each value
 * stands.
 */
final class ObjectText {

  private static final Pattern INDEX = Pattern.compile("\\d{1,4}");
  private static final Pattern BETWEEN = Pattern.compile("(?m)^---\\n");

  private final String text;
  private final Node root;

  private ObjectText(String text, Node root) {
    this.text = text;
    this.root = root;
  }

  /** Returns the objects of a manifest, in their order. */
  static List<ObjectText> in(String manifest) {
    return BETWEEN.splitAsStream(manifest).flatMap(text -> parse(text).stream()).toList();
  }

  private static Optional<ObjectText> parse(String text) {
    LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
    try {
      return new Compose(settings).composeString(text).map(root -> new ObjectText(text, root));
    } catch (YamlEngineException e) {
      throw new ReleaseFailed("expected YAML, got:%n%s%n%s".formatted(text, e.getMessage()), e);
    }
  }

  /** As {@code Deployment refloat-controller}. */
  String name() {
    return scalar("/kind") + " " + scalar("/metadata/name");
  }

  /** Returns what stands at {@code at}, as it is written, comments included. */
  String written(String at) {
    Place place = find(at);
    return text.substring(place.begin(), place.end());
  }

  private String scalar(String at) {
    return find(at).value() instanceof ScalarNode scalar ? scalar.getValue() : written(at);
  }

  /**
   * Returns the text with all of {@code openings} in it.
   *
   * @throws ReleaseFailed if one is at a place that is not there
   */
  String opened(List<Opening> openings) {
    List<Edit> edits = new ArrayList<>();
    String before = "";
    String after = "";
    for (Opening opening : openings) {
      switch (opening) {
        case Opening.LeftOut() -> {
          return "";
        }
        case Opening.Around(String action) -> {
          before = before + "{{- %s }}\n".formatted(action);
          after = "{{- end }}\n" + after;
        }
        case Opening.Value(String at, String template) -> {
          Place place = find(at);
          // A key keeps the blank after its colon, unless what follows has lines of its own.
          boolean isBeside = place.isKeyed() && !template.startsWith("\n");
          edits.add(new Edit(place.begin(), place.end(), isBeside ? " " + template : template));
        }
        case Opening.Then(String at, String lines) -> {
          Place place = find(at);
          int end = endOfLine(place.end());
          edits.add(
              new Edit(
                  end, end, lines.indent(place.column()).stripTrailing().transform("\n"::concat)));
        }
      }
    }
    return "%s---\n%s%s".formatted(before, edited(edits), after);
  }

  private String edited(List<Edit> edits) {
    edits.sort(Comparator.comparingInt(Edit::begin));
    StringBuilder edited = new StringBuilder();
    int end = 0;
    for (Edit edit : edits) {
      if (edit.begin() < end) {
        throw new ReleaseFailed(
            "two openings of %s are at one place, or one in the other: %s"
                .formatted(name(), edit.instead()));
      }
      edited.append(literal(text.substring(end, edit.begin()))).append(edit.instead());
      end = edit.end();
    }
    return edited.append(literal(text.substring(end))).toString();
  }

  /** Returns what a template has to say so that {@code written} is what it makes. */
  private static String literal(String written) {
    return written.replace("{{", "{{ \"{{\" }}");
  }

  private record Edit(int begin, int end, String instead) {}

  private int endOfLine(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /**
   * Where a value stands.
   *
   * @param begin after the colon of its key, if it has one
   * @param column of its key
   */
  private record Place(Node value, int begin, int end, int column, boolean isKeyed) {}

  private Place find(String at) {
    if (!at.startsWith("/")) {
      throw new ReleaseFailed("expected a place like /spec/replicas, got \"%s\"".formatted(at));
    }
    Place place = new Place(root, 0, text.length(), 0, false);
    for (String step : at.substring(1).split("/", -1)) {
      place =
          next(place.value(), step.replace("~1", "/").replace("~0", "~"))
              .orElseThrow(
                  () ->
                      new ReleaseFailed(
                          "there is no %s in %s: not even %s".formatted(at, name(), step)));
    }
    return place;
  }

  private Optional<Place> next(Node node, String step) {
    return switch (node) {
      case MappingNode mapping ->
          mapping.getValue().stream()
              .filter(
                  each ->
                      each.getKeyNode() instanceof ScalarNode key && key.getValue().equals(step))
              .findFirst()
              .map(this::keyed);
      case SequenceNode sequence when INDEX.matcher(step).matches() ->
          sequence.getValue().stream().skip(Integer.parseInt(step)).findFirst().map(this::item);
      default -> Optional.empty();
    };
  }

  private Place keyed(NodeTuple tuple) {
    Mark key = tuple.getKeyNode().getEndMark().orElseThrow();
    int colon = text.indexOf(':', offset(key));
    return new Place(
        tuple.getValueNode(),
        colon + 1,
        end(tuple.getValueNode()),
        tuple.getKeyNode().getStartMark().orElseThrow().getColumn(),
        true);
  }

  private Place item(Node item) {
    Mark start = item.getStartMark().orElseThrow();
    return new Place(item, offset(start), end(item), start.getColumn(), false);
  }

  /** Of a block the parser tells where the next thing begins, beyond comments between the two. */
  private int end(Node node) {
    if (node instanceof CollectionNode<?> collection
        && collection.getFlowStyle() == FlowStyle.BLOCK) {
      Stream<Node> parts =
          switch (node) {
            case MappingNode mapping -> mapping.getValue().stream().map(NodeTuple::getValueNode);
            case SequenceNode sequence -> sequence.getValue().stream();
            default -> Stream.empty();
          };
      return end(parts.reduce((_, last) -> last).orElseThrow());
    }
    int end = offset(node.getEndMark().orElseThrow());
    return text.substring(0, end).stripTrailing().length();
  }

  /** Marks count characters of Unicode, strings count halves of some. */
  private int offset(Mark mark) {
    return text.offsetByCodePoints(0, mark.getIndex());
  }

  @Override
  public String toString() {
    return name();
  }
}
