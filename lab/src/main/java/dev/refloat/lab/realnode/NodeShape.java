package dev.refloat.lab.realnode;

import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a real node is like.
 *
 * @param labels what it registers with; beside these the kubelet sets its own
 * @param taints what it registers with, as {@code key=value:effect}
 * @param cpus how many CPUs pods may request; a node has never more than the machine
 * @param memory how many bytes pods may request, with the same bound
 * @param disk how many bytes fit on the disk that holds the pods' data
 */
public record NodeShape(
    Map<String, String> labels, List<String> taints, BigDecimal cpus, long memory, long disk) {

  private static final long GIB = 1L << 30;

  public NodeShape {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /** Returns an ordinary node: all CPUs, 2 GiB of memory, a disk of 512 MiB. */
  public static NodeShape ordinary() {
    return new NodeShape(
        Map.of(),
        List.of(),
        BigDecimal.valueOf(Runtime.getRuntime().availableProcessors()),
        2 * GIB,
        GIB / 2);
  }

  /**
   * Returns what the kubelet is to keep from pods, as quantities: every node sees the whole
   * machine.
   */
  Map<String, String> reservedForOthers() {
    Map<String, String> reserved = new TreeMap<>();
    BigDecimal others =
        BigDecimal.valueOf(Runtime.getRuntime().availableProcessors()).subtract(cpus);
    if (others.signum() > 0) {
      reserved.put("cpu", others.movePointRight(3).toBigInteger() + "m");
    }
    long rest = machineMemory() - memory;
    if (rest > 0) {
      reserved.put("memory", Long.toString(rest));
    }
    return reserved;
  }

  /** As the kubelet's own reader of machine facts has it. */
  private static long machineMemory() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemTotal:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /proc/meminfo", e);
    }
  }

  /** Returns this shape with these labels. */
  public NodeShape labels(Map<String, String> labels) {
    return new NodeShape(labels, taints, cpus, memory, disk);
  }

  /** Returns this shape with these taints, as {@code key=value:effect}. */
  public NodeShape taints(List<String> taints) {
    return new NodeShape(labels, taints, cpus, memory, disk);
  }

  /** Returns this shape with {@code cpus} as Kubernetes writes quantities. */
  public NodeShape cpus(String cpus) {
    return new NodeShape(labels, taints, new Quantity(cpus).getNumericalAmount(), memory, disk);
  }
}
