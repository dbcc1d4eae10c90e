package dev.refloat.lab.scheduler;

import static dev.refloat.lab.scheduler.Row.on;
import static dev.refloat.lab.scheduler.Row.refused;
import static dev.refloat.lab.scheduler.Row.refusedLately;

import dev.refloat.lab.world.LabNode;
import dev.refloat.lab.world.WorldNames;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.util.List;
import java.util.stream.Stream;

/** Three nodes, and the rules about their labels that volumes and pods have in common. */
final class LabelRows {

  static final List<LabNode> NODES =
      List.of(
          LabNode.named("alpha")
              .hostname("host-of-alpha")
              .label("disk", "ssd")
              .label("rack", "7")
              .label("padded", "007")
              .label("fraction", "7.5")
              .label("word", "seven")
              .label("blank", "")
              .label("huge", "9223372036854775808"),
          LabNode.named("beta")
              .label("disk", "hdd")
              .label("rack", "12")
              .label("huge", "9223372036854775807"),
          LabNode.named("bare"));

  private static final String HOSTNAME = "kubernetes.io/hostname";
  private static final String SIXTY_FOUR = "v".repeat(64);

  private LabelRows() {}

  static Stream<Row<NodeSelector>> all(WorldNames names) {
    return Stream.of(equality(), presence(), order(), unreadable(), terms(), hostnames(names))
        .flatMap(List::stream);
  }

  private static List<Row<NodeSelector>> equality() {
    return List.of(
        on("In one value", selector(label("disk", "In", "ssd")), "alpha"),
        on("In several values", selector(label("disk", "In", "hdd", "nvme")), "beta"),
        on("In every value", selector(label("disk", "In", "ssd", "hdd")), "alpha", "beta"),
        on("In, other case", selector(label("disk", "In", "SSD"))),
        on("In the empty value", selector(label("blank", "In", "")), "alpha"),
        on("In the empty value, label missing", selector(label("missing", "In", ""))),
        refused(
            "In nothing",
            selector(label("disk", "In")),
            "must be specified when `operator` is 'In'"),
        on(
            "NotIn one value, label missing",
            selector(label("disk", "NotIn", "ssd")),
            "beta",
            "bare"),
        on("NotIn every value", selector(label("disk", "NotIn", "ssd", "hdd")), "bare"),
        on("NotIn the empty value", selector(label("blank", "NotIn", "")), "beta", "bare"),
        refused(
            "NotIn nothing",
            selector(label("disk", "NotIn")),
            "must be specified when `operator`"));
  }

  private static List<Row<NodeSelector>> presence() {
    return List.of(
        on("Exists", selector(label("disk", "Exists")), "alpha", "beta"),
        on("Exists, empty value", selector(label("blank", "Exists")), "alpha"),
        on("Exists, label missing", selector(label("missing", "Exists"))),
        refused(
            "Exists with a value",
            selector(label("disk", "Exists", "ssd")),
            "may not be specified"),
        on("DoesNotExist", selector(label("disk", "DoesNotExist")), "bare"),
        on("DoesNotExist, empty value", selector(label("blank", "DoesNotExist")), "beta", "bare"),
        refused(
            "DoesNotExist with a value",
            selector(label("disk", "DoesNotExist", "ssd")),
            "may not be specified"));
  }

  private static List<Row<NodeSelector>> order() {
    return List.of(
        on("Gt, label missing", selector(label("rack", "Gt", "0")), "alpha", "beta"),
        on("Gt is not at least", selector(label("rack", "Gt", "7")), "beta"),
        on("Lt is not at most", selector(label("rack", "Lt", "12")), "alpha"),
        on("Lt compares numbers and not text", selector(label("rack", "Lt", "8")), "alpha"),
        on("Lt, none", selector(label("rack", "Lt", "7"))),
        on("Gt, label with zeros before it", selector(label("padded", "Gt", "6")), "alpha"),
        on("Lt, bound with zeros before it", selector(label("rack", "Lt", "008")), "alpha"),
        on("Gt, label is a word", selector(label("word", "Gt", "1"))),
        on("Gt, label is a fraction", selector(label("fraction", "Gt", "1"))),
        on("Gt, label is empty", selector(label("blank", "Gt", "0"))),
        on("Gt, label over 64 bits", selector(label("huge", "Gt", "1")), "beta"),
        on(
            "Lt, largest bound",
            selector(label("rack", "Lt", "9223372036854775807")),
            "alpha",
            "beta"),
        refused("Gt nothing", selector(label("rack", "Gt")), "must be specified single value"),
        refused(
            "Gt two values", selector(label("rack", "Gt", "1", "2")), "must be specified single"));
  }

  /** The API server lets them in, and the scheduler skips the term. */
  private static List<Row<NodeSelector>> unreadable() {
    return List.of(
        on("Gt a word", selector(label("rack", "Gt", "six"))),
        on("Gt a fraction", selector(label("rack", "Gt", "6.5"))),
        on("Gt the empty value", selector(label("rack", "Gt", ""))),
        on("Lt a bound over 64 bits", selector(label("rack", "Lt", "9223372036854775808"))),
        on(
            "a word beside what matches",
            selector(label("disk", "In", "ssd"), label("rack", "Gt", "x"))),
        on(
            "a word in another term",
            selector(term(label("rack", "Gt", "x")), term(label("disk", "In", "ssd"))),
            "alpha"),
        refusedLately(
            "Gt a negative number", selector(label("rack", "Gt", "-1")), "a valid label must"),
        refusedLately(
            "NotIn what no label can be",
            selector(label("disk", "NotIn", "a b")),
            "a valid label must"),
        refusedLately("NotIn what is too long", selector(label("disk", "NotIn", SIXTY_FOUR)), "63"),
        refused(
            "no such operator",
            selector(label("disk", "Like", "s")),
            "not a valid selector operator"),
        refused("no such key", selector(label("a b", "Exists")), "name part must consist of"));
  }

  private static List<Row<NodeSelector>> terms() {
    return List.of(
        on("and", selector(label("disk", "Exists"), label("rack", "Lt", "8")), "alpha"),
        on(
            "and, a contradiction",
            selector(label("disk", "In", "ssd"), label("disk", "In", "hdd"))),
        on(
            "or",
            selector(term(label("disk", "In", "ssd")), term(label("disk", "DoesNotExist"))),
            "alpha",
            "bare"),
        on(
            "or, a tautology",
            selector(term(label("disk", "Exists")), term(label("disk", "DoesNotExist"))),
            "alpha",
            "beta",
            "bare"),
        on("an empty term", selector(new NodeSelectorTerm())),
        on(
            "an empty term beside another",
            selector(new NodeSelectorTerm(), term(label("disk", "In", "ssd"))),
            "alpha"),
        refused("no term", new NodeSelector(), "must have at least one node selector term"));
  }

  private static List<Row<NodeSelector>> hostnames(WorldNames names) {
    return List.of(
        on(
            "hostname",
            selector(label(HOSTNAME, "In", names.clusterWide("host-of-alpha"))),
            "alpha"),
        on(
            "hostname that is a node's name",
            selector(label(HOSTNAME, "In", names.clusterWide("alpha")))),
        on(
            "hostname of a node that is gone",
            selector(label(HOSTNAME, "In", names.clusterWide("gone")))));
  }

  static NodeSelector selector(NodeSelectorRequirement... labels) {
    return selector(term(labels));
  }

  static NodeSelector selector(NodeSelectorTerm... terms) {
    return new NodeSelector(List.of(terms));
  }

  static NodeSelectorTerm term(NodeSelectorRequirement... labels) {
    return new NodeSelectorTerm(List.of(labels), List.of());
  }

  static NodeSelectorRequirement label(String key, String operator, String... values) {
    return new NodeSelectorRequirement(key, operator, List.of(values));
  }
}
