package dev.refloat.lab.scheduler;

import static dev.refloat.lab.scheduler.LabelRows.label;
import static dev.refloat.lab.scheduler.LabelRows.selector;
import static dev.refloat.lab.scheduler.LabelRows.term;
import static dev.refloat.lab.scheduler.Row.on;
import static dev.refloat.lab.scheduler.Row.refused;

import dev.refloat.lab.world.WorldNames;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code matchFields}: the scheduler asks for them of pods, and does not look at them of volumes.
 */
record FieldRows(WorldNames names) {

  Stream<Row<NodeSelector>> ofVolumes() {
    return Stream.concat(
        refusals(),
        Stream.of(
            on("a node's name", selector(fields(name("In", "alpha"))), "alpha", "beta", "bare"),
            on(
                "not a node's name",
                selector(fields(name("NotIn", "alpha"))),
                "alpha",
                "beta",
                "bare"),
            on(
                "name of a node that is gone",
                selector(fields(name("In", "gone"))),
                "alpha",
                "beta",
                "bare"),
            on(
                "names that contradict",
                selector(fields(name("In", "alpha"), name("In", "beta"))),
                "alpha",
                "beta",
                "bare"),
            on("a label and another node's name", selector(ssdAnd(name("In", "beta"))), "alpha"),
            on(
                "a label or a node's name",
                selector(term(label("disk", "In", "ssd")), fields(name("In", "beta"))),
                "alpha",
                "beta",
                "bare"),
            on(
                "a label that cannot be read and a name",
                selector(
                    new NodeSelectorTerm(
                        List.of(label("rack", "Gt", "x")), List.of(name("In", "alpha")))))));
  }

  Stream<Row<NodeSelector>> ofPods() {
    return Stream.concat(
        refusals(),
        Stream.of(
            on("a node's name", selector(fields(name("In", "alpha"))), "alpha"),
            on("not a node's name", selector(fields(name("NotIn", "alpha"))), "beta", "bare"),
            on("name of a node that is gone", selector(fields(name("In", "gone")))),
            on("names that contradict", selector(fields(name("In", "alpha"), name("In", "beta")))),
            on("a hostname that is no node's name", selector(fields(name("In", "host-of-alpha")))),
            on(
                "two nodes' names",
                selector(fields(name("In", "alpha")), fields(name("In", "bare"))),
                "alpha",
                "bare"),
            on("a label and another node's name", selector(ssdAnd(name("In", "beta")))),
            on(
                "a label and not another node's name",
                selector(ssdAnd(name("NotIn", "beta"))),
                "alpha"),
            on(
                "a label or a node's name",
                selector(term(label("disk", "In", "ssd")), fields(name("In", "beta"))),
                "alpha",
                "beta"),
            on(
                "a label that cannot be read and a name",
                selector(
                    new NodeSelectorTerm(
                        List.of(label("rack", "Gt", "x")), List.of(name("In", "alpha")))))));
  }

  private Stream<Row<NodeSelector>> refusals() {
    return Stream.of(
        refused(
            "two names at once",
            selector(fields(new NodeSelectorRequirement("metadata.name", "In", List.of("a", "b")))),
            "must be only one value"),
        refused(
            "a name that exists",
            selector(fields(new NodeSelectorRequirement("metadata.name", "Exists", List.of()))),
            "not a valid selector operator"),
        refused(
            "another field",
            selector(fields(new NodeSelectorRequirement("metadata.uid", "In", List.of("a")))),
            "not a valid field selector key"));
  }

  private NodeSelectorTerm ssdAnd(NodeSelectorRequirement field) {
    return new NodeSelectorTerm(List.of(label("disk", "In", "ssd")), List.of(field));
  }

  private NodeSelectorTerm fields(NodeSelectorRequirement... fields) {
    return new NodeSelectorTerm(List.of(), List.of(fields));
  }

  private NodeSelectorRequirement name(String operator, String node) {
    return new NodeSelectorRequirement("metadata.name", operator, List.of(names.clusterWide(node)));
  }
}
