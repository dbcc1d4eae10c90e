package dev.refloat.storage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node selector: terms are ORed, the requirements of a term are ANDed. A term without any
 * requirement matches nothing, and nor does one that the scheduler cannot parse: a bound that is no
 * integer, a value that is no label value.
 *
 * <p>Evaluated exactly as the scheduler does it for volumes, which sees a node's <em>labels</em>
 * only: {@code CheckNodeAffinity} builds a nameless Node from them, and a nameless node skips
 * {@code matchFields}. A term with nothing but fields therefore matches every node. {@code
 * VolumeAffinityIT} and {@code PodAffinityIT} of the lab put every rule to the real scheduler.
 * Sources: <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/storage/volume/helpers.go">helpers.go</a>,
 * <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go">nodeaffinity.go</a>,
 * <a
 * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apimachinery/pkg/labels/selector.go">selector.go</a>.
 *
 * @param terms the alternatives, in the order of the object
 */
public record NodeSelector(List<Term> terms) {

  public NodeSelector {
    terms = List.copyOf(terms);
  }

  /**
   * Whether the scheduler lets a volume with this required affinity be used on a node with these
   * labels.
   */
  public boolean matchesVolumeOn(Map<String, String> nodeLabels) {
    return terms.stream().anyMatch(term -> term.matchesLabels(nodeLabels) && term.counts());
  }

  /**
   * Whether a pod with this required affinity may run on the node: as for volumes, but here the
   * node has its name.
   */
  public boolean matchesNode(String nodeName, Map<String, String> nodeLabels) {
    return terms.stream()
        .anyMatch(
            term ->
                term.matchesLabels(nodeLabels) && term.matchesFields(nodeName) && term.counts());
  }

  @Override
  public String toString() {
    return terms.stream().map(Term::toString).collect(Collectors.joining(" or "));
  }

  /**
   * One alternative.
   *
   * @param labels requirements on labels, {@code matchExpressions}
   * @param fields requirements on fields, {@code matchFields}; Kubernetes knows {@code
   *     metadata.name} only
   */
  public record Term(List<Requirement> labels, List<Requirement> fields) {

    public Term {
      labels = List.copyOf(labels);
      fields = List.copyOf(fields);
    }

    /**
     * Whether the scheduler looks at it: it skips what is empty, and what it cannot parse, be it a
     * field that it would not look at.
     */
    boolean counts() {
      return !(labels.isEmpty() && fields.isEmpty())
          && labels.stream().allMatch(Requirement::isOfLabels)
          && fields.stream().allMatch(Requirement::isOfFields);
    }

    boolean matchesLabels(Map<String, String> nodeLabels) {
      return labels.stream()
          .allMatch(
              requirement ->
                  requirement.matches(Optional.ofNullable(nodeLabels.get(requirement.key))));
    }

    boolean matchesFields(String nodeName) {
      return fields.stream().allMatch(requirement -> requirement.matches(Optional.of(nodeName)));
    }

    @Override
    public String toString() {
      return Stream.concat(labels.stream(), fields.stream())
          .map(Requirement::toString)
          .collect(Collectors.joining(" and "));
    }
  }

  /** One requirement: a key, how it is compared, and with what. */
  public record Requirement(String key, Operator operator, List<String> values) {

    private static final Pattern LABEL_VALUE =
        Pattern.compile("(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
    private static final int LONGEST_LABEL_VALUE = 63;

    public Requirement {
      values = List.copyOf(values);
    }

    /** The shape that {@code labels.NewRequirement} demands. */
    boolean isOfLabels() {
      return switch (operator) {
        case IN, NOT_IN -> !values.isEmpty() && values.stream().allMatch(Requirement::isLabelValue);
        case EXISTS, DOES_NOT_EXIST -> values.isEmpty();
        // A label value has no sign, so nothing can be compared with -1.
        case GREATER, LESS ->
            values.size() == 1
                && isLabelValue(values.getFirst())
                && number(values.getFirst()).isPresent();
        case UNKNOWN -> true;
      };
    }

    /** The shape that {@code nodeSelectorRequirementsAsFieldSelector} demands. */
    boolean isOfFields() {
      return switch (operator) {
        case IN, NOT_IN -> values.size() == 1;
        case EXISTS, DOES_NOT_EXIST, GREATER, LESS -> false;
        case UNKNOWN -> true;
      };
    }

    /** What is demanded of the node's value, if it has one. */
    boolean matches(Optional<String> value) {
      return switch (operator) {
        case IN -> value.filter(values::contains).isPresent();
        case NOT_IN -> value.filter(values::contains).isEmpty();
        case EXISTS -> value.isPresent();
        case DOES_NOT_EXIST -> value.isEmpty();
        case GREATER -> compare(value).filter(sign -> sign > 0).isPresent();
        case LESS -> compare(value).filter(sign -> sign < 0).isPresent();
        // An operator of a later Kubernetes: it might match, so nothing may be concluded from its
        // absence.
        case UNKNOWN -> true;
      };
    }

    private Optional<Integer> compare(Optional<String> value) {
      Optional<Long> bound = values.stream().findFirst().flatMap(Requirement::number);
      Optional<Long> actual = value.flatMap(Requirement::number);
      return bound.flatMap(right -> actual.map(left -> left.compareTo(right)));
    }

    private static boolean isLabelValue(String text) {
      return text.length() <= LONGEST_LABEL_VALUE && LABEL_VALUE.matcher(text).matches();
    }

    private static Optional<Long> number(String text) {
      try {
        return Optional.of(Long.parseLong(text));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    @Override
    public String toString() {
      return switch (operator) {
        case IN -> key + " in " + values;
        case NOT_IN -> key + " not in " + values;
        case EXISTS -> key + " exists";
        case DOES_NOT_EXIST -> key + " does not exist";
        case GREATER -> key + " > " + values;
        case LESS -> key + " < " + values;
        case UNKNOWN -> key + " ? " + values;
      };
    }
  }

  /** How a requirement compares, by the names of the API. */
  public enum Operator {
    IN("In"),
    NOT_IN("NotIn"),
    EXISTS("Exists"),
    DOES_NOT_EXIST("DoesNotExist"),
    GREATER("Gt"),
    LESS("Lt"),
    UNKNOWN("");

    private final String wireName;

    Operator(String wireName) {
      this.wireName = wireName;
    }

    /**
     * The operator of that name in the API, {@link #UNKNOWN} for one that this version has never
     * heard of.
     */
    public static Operator of(String wireName) {
      for (Operator operator : values()) {
        if (operator.wireName.equals(wireName)) {
          return operator;
        }
      }
      return UNKNOWN;
    }
  }
}
