package dev.refloat.lab.cli;

import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.world.LabNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How many nodes of which kind a person wants; shared by the commands that start a lab. */
final class Nodes {

  @Option(
      names = "--real-nodes",
      paramLabel = "N",
      description = "Start with N real nodes, node-1 to node-N; needs root.")
  private int real;

  @Option(
      names = "--fake-nodes",
      paramLabel = "N",
      description = "Start with N fake nodes, fake-1 to fake-N.")
  private int fake;

  boolean areWanted() {
    return real + fake > 0;
  }

  boolean areRealOnes() {
    return real > 0;
  }

  Tuning tuning() {
    return areRealOnes() ? Tuning.REAL_NODES : Tuning.NONE;
  }

  LabNode[] all() {
    return Stream.concat(numbered("node-", real).map(LabNode::real), numbered("fake-", fake))
        .toArray(LabNode[]::new);
  }

  private static Stream<LabNode> numbered(String prefix, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(number -> LabNode.named(prefix + number));
  }

  /** Returns the arguments that say the same. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    if (real > 0) {
      arguments.add("--real-nodes=" + real);
    }
    if (fake > 0) {
      arguments.add("--fake-nodes=" + fake);
    }
    return arguments;
  }
}
