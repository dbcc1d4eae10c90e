package dev.refloat.lab.world;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node that is to be.
 *
 * @param kind what it is made of
 * @param name its name within the world
 * @param hostname its {@code kubernetes.io/hostname} within the world; on some clouds it is not the
 *     node's name
 * @param cpu its capacity, as Kubernetes writes quantities: {@code "4"}, {@code "500m"}
 * @param labels what it carries beside the labels that every node of the world has
 * @param taints what keeps pods away
 */
public record LabNode(
    Kind kind,
    String name,
    String hostname,
    String cpu,
    Map<String, String> labels,
    List<LabTaint> taints) {

  /** What a node is made of. */
  public enum Kind {
    /** kwok plays it: there is no container and no file. */
    FAKE,

    /** It has a kubelet, containers and a disk; see {@link dev.refloat.lab.realnode}. */
    REAL
  }

  /**
   * A taint.
   *
   * @param effect {@code NoSchedule}, {@code PreferNoSchedule} or {@code NoExecute}
   */
  public record LabTaint(String key, String value, String effect) {}

  public LabNode {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /** Returns an ordinary fake node: four CPUs, its hostname is its name, no taints. */
  public static LabNode named(String name) {
    return new LabNode(Kind.FAKE, name, name, "4", Map.of(), List.of());
  }

  /**
   * Returns this node as a real one. It has never more CPUs than the machine, and its hostname is
   * its name.
   */
  public LabNode real() {
    return new LabNode(Kind.REAL, name, hostname, cpu, labels, taints);
  }

  /** Returns this node with another capacity. */
  public LabNode cpu(String cpu) {
    return new LabNode(kind, name, hostname, cpu, labels, taints);
  }

  /** Returns this node with a hostname that is not its name. */
  public LabNode hostname(String hostname) {
    return new LabNode(kind, name, hostname, cpu, labels, taints);
  }

  /** Returns this node with one more label. */
  public LabNode label(String key, String value) {
    Map<String, String> more = new TreeMap<>(labels);
    more.put(key, value);
    return new LabNode(kind, name, hostname, cpu, more, taints);
  }

  /** Returns this node with one more taint. */
  public LabNode taint(String key, String value, String effect) {
    List<LabTaint> more = new ArrayList<>(taints);
    more.add(new LabTaint(key, value, effect));
    return new LabNode(kind, name, hostname, cpu, labels, more);
  }
}
