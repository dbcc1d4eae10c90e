package dev.refloat.lab.realnode;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The network of the real nodes of one run: a bridge, whose address is this machine's end. The
 * addresses are of the block that is set aside for trying out networks (<a
 * href="https://www.rfc-editor.org/rfc/rfc2544#appendix-C.2.2">RFC 2544, C.2.2</a>).
 *
 * @param number which of the networks of this machine, from 0 on
 */
public record Network(int number) {

  /** The block that all networks are in. */
  static final String ALL_ADDRESSES = "198.18.0.0/15";

  /** How many nodes fit in. */
  static final int MOST_NODES = 15;

  private static final int MOST_NETWORKS = 16;

  /**
   * Makes a bridge for {@code run} under the first number that is free on this machine.
   *
   * @throws RealNodeFailed if there is none, or if it cannot be made
   */
  public static Network create(RunIdentity run) {
    for (int number = 0; number < MOST_NETWORKS; number++) {
      Network network = new Network(number);
      if (network.bridgeCanBeMade(run)) {
        network.ip("addr", "add", network.gateway() + "/24", "dev", network.bridge());
        network.ip("link", "set", network.bridge(), "up");
        return network;
      }
    }
    throw new RealNodeFailed(
        "all of the bridges rfl0 to rfl%d are taken; `ip link` shows them"
            .formatted(MOST_NETWORKS - 1));
  }

  private boolean bridgeCanBeMade(RunIdentity run) {
    Shell.Outcome outcome =
        Shell.run(
            List.of(
                "ip", "link", "add", bridge(), "address", run.hardwareAddress(), "type", "bridge"));
    if (!outcome.good() && !outcome.said().contains("File exists")) {
      throw new RealNodeFailed("cannot make the bridge %s: %s".formatted(bridge(), outcome.said()));
    }
    return outcome.good();
  }

  private void ip(String... arguments) {
    List<String> command = Stream.concat(Stream.of("ip"), Stream.of(arguments)).toList();
    Shell.Outcome outcome = Shell.run(command);
    if (!outcome.good()) {
      throw new RealNodeFailed("%s: %s".formatted(String.join(" ", command), outcome.said()));
    }
  }

  String bridge() {
    return "rfl" + number;
  }

  /** Returns this machine's address, which the API server and the name server listen on. */
  public String gateway() {
    return "198.18.%d.1".formatted(number);
  }

  /** Returns the block that the pods of all nodes are in. */
  String pods() {
    return "198.19.%d.0/20".formatted(number * (MOST_NODES + 1));
  }

  /**
   * Returns the place of one node.
   *
   * @param node its number, from 1 on
   */
  Place place(int node) {
    return new Place(this, node);
  }

  /** Where one node is plugged in. */
  record Place(Network network, int node) {

    Place {
      if (node < 1 || node > MOST_NODES) {
        throw new IllegalArgumentException("node %d; expected 1 to %d".formatted(node, MOST_NODES));
      }
    }

    String address() {
      return "198.18.%d.%d".formatted(network.number(), 100 + node);
    }

    String hardwareAddress() {
      return "02:53:00:00:%02x:%02x".formatted(network.number(), node);
    }

    /** Returns the name of this machine's end of the cable. */
    String link() {
      return "%s-%d".formatted(network.bridge(), node);
    }

    String pods() {
      return "198.19.%d.0/24".formatted(network.number() * (MOST_NODES + 1) + node);
    }

    List<Place> others() {
      return IntStream.rangeClosed(1, MOST_NODES)
          .filter(other -> other != node)
          .mapToObj(network::place)
          .toList();
    }
  }
}
