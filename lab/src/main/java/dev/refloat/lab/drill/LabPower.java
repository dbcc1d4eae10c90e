package dev.refloat.lab.drill;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.drill.run.DrillStopped;
import dev.refloat.lab.standing.NodeOrders;
import dev.refloat.lab.standing.StandingLab;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Switches the real nodes of the standing lab.
 *
 * @param orders the socket that its supervisor listens on
 */
record LabPower(Path orders) implements Power {

  /**
   * Returns the power of the lab whose API server {@code client} talks to.
   *
   * @throws DrillRefused if it talks to another cluster
   */
  static LabPower of(LabSettings settings, KubernetesClient client) {
    StandingLab lab = StandingLab.of(settings);
    boolean isIt =
        lab.supervisor().isPresent()
            && lab.note()
                .filter(note -> isSame(URI.create(note.url()), client.getMasterUrl()))
                .isPresent();
    if (!isIt || !Files.exists(lab.orders())) {
      throw new DrillRefused(
          "power fails in the lab only (lab/lab up --real-nodes 3 --refloat), and %s is another cluster"
              .formatted(client.getMasterUrl()));
    }
    return new LabPower(lab.orders());
  }

  private static boolean isSame(URI lab, URL cluster) {
    return lab.getHost().equals(cluster.getHost()) && lab.getPort() == cluster.getPort();
  }

  @Override
  public void off(String node) {
    give(node, "power-off");
  }

  @Override
  public void on(String node) {
    give(node, "power-on");
  }

  private void give(String node, String order) {
    try {
      NodeOrders.give(orders, node, order)
          .ifPresent(
              trouble -> {
                throw new DrillStopped("%s of %s: %s".formatted(order, node, trouble));
              });
    } catch (IOException e) {
      throw new DrillStopped("the lab does not hear %s: %s".formatted(order, e.getMessage()));
    }
  }
}
