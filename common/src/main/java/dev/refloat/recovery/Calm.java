package dev.refloat.recovery;

import dev.refloat.settings.Percentage;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Holds while too much is lost at once, or too much is being done already.
 *
 * <p>When a large part of the cluster seems gone, it is likelier that we see wrongly than that it
 * is: freeze until a person or the nodes come back. Lost are the gone nodes that stranded pods are
 * pinned to, those that this process saw vanish lately (PodGC spreads its pods over 40 to 80 s),
 * and live ones that are not Ready or out of service (S16). Answers for S21, S23.
 */
final class Calm implements Rule {

  private static final int FEWEST_NODES = 2;

  @Override
  public Optional<Verdict> objection(Situation situation) {
    return brake(situation).or(() -> traffic(situation));
  }

  private static Optional<Verdict> brake(Situation situation) {
    Cluster cluster = situation.cluster();
    NavigableSet<String> gone = new TreeSet<>(situation.traffic().goneNodes());
    gone.addAll(cluster.vanished());
    for (Node node : cluster.nodes()) {
      // A volume names its node by the hostname: one node must not count twice (S18).
      gone.remove(node.name());
      gone.remove(node.hostname());
    }
    NavigableSet<String> lost = new TreeSet<>(gone);
    cluster.nodes().stream()
        .filter(node -> !node.ready() || Home.outOfService(node))
        .forEach(node -> lost.add(node.name()));
    int all = cluster.nodes().size() + gone.size();
    Percentage limit = situation.policy().brake();
    return lost.size() >= FEWEST_NODES && limit.isExceededBy(lost.size(), all)
        ? Optional.of(new Verdict.Hold.BrakeOn(lost.stream().toList(), all, limit))
        : Optional.empty();
  }

  private static Optional<Verdict> traffic(Situation situation) {
    Traffic traffic = situation.traffic();
    int most = situation.policy().maxConcurrent();
    if (traffic.inFlight() >= most) {
      return Optional.of(new Verdict.Hold.TooManyAtOnce(traffic.inFlight(), most));
    }
    return traffic
        .nextAllowed()
        .filter(next -> situation.observedAt().isBefore(next))
        .map(Verdict.Hold.RateLimited::new);
  }
}
