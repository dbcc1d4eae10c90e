package dev.refloat.lab.cli;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.standing.NodeOrder;
import dev.refloat.lab.standing.NodeOrders;
import dev.refloat.lab.standing.StandingLab;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "node",
    description = "Does something to a real node of the lab: lab node NAME ORDER.")
final class NodeCommand implements Callable<Integer> {

  private final LabSettings settings;

  @Parameters(index = "0", description = "the node, as kubectl calls it")
  private String node = "";

  @Parameters(index = "1", description = "what happens to it")
  private String order = "";

  NodeCommand(LabSettings settings) {
    this.settings = settings;
  }

  @Override
  public Integer call() throws IOException {
    if (NodeOrder.of(order).isEmpty()) {
      System.err.printf("\"%s\" is no order; expected one of%n%s%n", order, NodeOrder.table());
      return 2;
    }
    StandingLab lab = StandingLab.of(settings);
    if (lab.supervisor().isEmpty() || !Files.exists(lab.orders())) {
      System.err.println(
          "There is no lab with real nodes. Start it, as root: lab/lab up --real-nodes 3");
      return StandingLab.NOT_UP;
    }
    Optional<String> trouble = NodeOrders.give(lab.orders(), node, order);
    trouble.ifPresentOrElse(
        System.err::println, () -> System.out.printf("%s: %s, done.%n", node, order));
    return trouble.isPresent() ? 1 : 0;
  }
}
