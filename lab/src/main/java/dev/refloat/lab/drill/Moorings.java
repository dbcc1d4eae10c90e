package dev.refloat.lab.drill;

import dev.refloat.kube.Facts;
import dev.refloat.recovery.Node;
import dev.refloat.storage.Locality;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a pod is, what holds it there, and where else it could be.
 *
 * @param node where it runs; empty if nowhere
 * @param volumes those of its claims that are bound
 * @param others nodes that are Ready and would take it, but for its volumes
 */
record Moorings(Pod pod, Optional<Node> node, List<Held> volumes, List<String> others) {

  /** A volume, and whether it holds its pod. */
  record Held(String volume, Locality locality) {

    /** Returns the node that it is pinned to; empty if to none, or not to a single one. */
    Optional<Locality.Pinned> pinned() {
      return locality instanceof Locality.Pinned pinned ? Optional.of(pinned) : Optional.empty();
    }

    String words() {
      return switch (locality) {
        case Locality.Pinned pinned -> String.join(", ", pinned.names());
        case Locality.NotLocal() -> "not local";
        case Locality.NotOneNode(String affinity) -> "no single node (" + affinity + ")";
      };
    }
  }

  Moorings {
    volumes = List.copyOf(volumes);
    others = List.copyOf(others);
  }

  static Moorings of(App app, Pod pod, Known known) {
    Optional<Node> node =
        Optional.ofNullable(pod.getSpec().getNodeName())
            .map(name -> app.client().nodes().withName(name).get())
            .map(Facts::node);
    List<Held> held =
        app.claims(pod.getMetadata().getName()).values().stream()
            .flatMap(claim -> Optional.ofNullable(claim.getSpec().getVolumeName()).stream())
            .flatMap(name -> app.volume(name).stream())
            .map(Facts::volume)
            .map(volume -> new Held(volume.name(), known.localityOf(volume)))
            .toList();
    List<String> others =
        Elsewhere.nodesFor(app, pod).stream()
            .filter(name -> !name.equals(pod.getSpec().getNodeName()))
            .toList();
    return new Moorings(pod, node, held, others);
  }

  String name() {
    return pod.getMetadata().getName();
  }

  String nodeName() {
    return node.map(Node::name).orElse("no node");
  }

  boolean isLocal() {
    return volumes.stream().anyMatch(held -> held.pinned().isPresent());
  }

  /** Whether it is where all its local volumes are. */
  boolean isWithItsVolumes() {
    return volumes.stream()
        .flatMap(held -> held.pinned().stream())
        .allMatch(
            pinned ->
                node.filter(one -> pinned.affinity().matchesVolumeOn(one.labels())).isPresent());
  }

  /** Returns what would keep it from starting on its node once more. */
  List<String> obstacles() {
    List<String> obstacles = new ArrayList<>();
    node.ifPresentOrElse(
        one -> {
          obstacles.addAll(Elsewhere.repelling(Facts.pod(pod), one));
          if (one.unschedulable()) {
            obstacles.add("cordoned");
          }
          if (!one.ready()) {
            obstacles.add("not Ready");
          }
        },
        () -> obstacles.add("no node"));
    return List.copyOf(obstacles);
  }

  List<String> row() {
    return List.of(
        name(),
        nodeName(),
        obstacles().isEmpty() ? "fine" : String.join(", ", obstacles()),
        volumes.stream().map(Held::volume).collect(Collectors.joining(", ")),
        volumes.stream().map(Held::words).collect(Collectors.joining(", ")),
        others.isEmpty() ? "nowhere" : String.join(", ", others));
  }
}
