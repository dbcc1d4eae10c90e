package dev.refloat.recovery;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A live Node.
 *
 * @param createdAt when it was registered; a node that comes back under its name is a new one
 * @param ready whether its Ready condition is True
 * @param readyChangedAt when that condition last changed; the node's creation if it has none
 */
public record Node(
    String name,
    String uid,
    Instant createdAt,
    Map<String, String> labels,
    boolean unschedulable,
    List<Taint> taints,
    boolean ready,
    Instant readyChangedAt) {

  static final String HOSTNAME = "kubernetes.io/hostname";

  public Node {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /** The hostname label, or the name where there is none. */
  public String hostname() {
    return labels.getOrDefault(HOSTNAME, name);
  }

  public record Taint(String key, String value, String effect) {

    @Override
    public String toString() {
      return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect;
    }

    /** Whether the scheduler keeps pods away that do not bear it. */
    public boolean repels() {
      return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }
  }
}
