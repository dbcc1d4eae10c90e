package dev.refloat.controller.sweep;

import dev.refloat.controller.survey.Heartbeats;
import dev.refloat.kube.Facts;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.Heartbeat;
import dev.refloat.lean.LeanLists;
import dev.refloat.lean.ListRequest;
import dev.refloat.recovery.Finding;
import dev.refloat.recovery.Lookout;
import dev.refloat.settings.WatchedNamespaces;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods that hang on lost nodes (S17), found from the nodes' heartbeats on: only a node whose
 * kubelet is silent is read, and only the pods of one that is lost are listed.
 */
final class LostNodes {

  private static final Logger log = LoggerFactory.getLogger(LostNodes.class);

  /** The brake looks twice a minute, so that this reads nothing of its own. */
  private static final Duration FRESH = Duration.ofSeconds(45);

  /** So many lost nodes are an outage that a person knows of already. */
  private static final int MOST_NODES = 50;

  private static final String OF_A_SET = "statefulset.kubernetes.io/pod-name";

  private final KubernetesClient client;
  private final InstantSource time;
  private final WatchedNamespaces namespaces;
  private final Heartbeats heartbeats;
  private final LeanLists lists;

  LostNodes(
      KubernetesClient client,
      InstantSource time,
      WatchedNamespaces namespaces,
      Heartbeats heartbeats) {
    this.client = client;
    this.time = time;
    this.namespaces = namespaces;
    this.heartbeats = heartbeats;
    this.lists = new LeanLists(client);
  }

  /**
   * Returns the pods that hang now.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if anything could not be read
   */
  List<Finding> look() {
    Instant now = time.instant();
    List<Heartbeat> silent =
        heartbeats.notOlderThan(FRESH).stream()
            .filter(beat -> Lookout.silent(beat.renewedAt(), now))
            .sorted(Comparator.comparing(Heartbeat::renewedAt).reversed())
            .toList();
    if (silent.size() > MOST_NODES) {
      log.atDebug()
          .addKeyValue("nodes", silent.size())
          .addKeyValue("most", MOST_NODES)
          .log("More nodes are silent than are looked at, the longest silent ones are left out");
    }
    List<Finding> found = new ArrayList<>();
    for (Heartbeat beat : silent.subList(0, Math.min(silent.size(), MOST_NODES))) {
      boolean abandoned =
          Optional.ofNullable(client.nodes().withName(beat.node()).get())
              .map(Facts::node)
              .filter(Lookout::abandoned)
              .isPresent();
      if (abandoned) {
        found.addAll(on(beat, now));
      }
    }
    return found;
  }

  private List<Finding> on(Heartbeat beat, Instant now) {
    List<Finding> found = new ArrayList<>();
    for (Optional<String> namespace : namespaces.selected()) {
      found.addAll(
          lists
              .pods(
                  ListRequest.pods(
                      namespace, OF_A_SET, "spec.nodeName=" + beat.node(), Freshness.REMEMBERED),
                  pod -> Lookout.onAbandonedNode(pod, beat.node(), beat.renewedAt(), now))
              .items());
    }
    return found;
  }
}
