package dev.refloat.controller.sweep;

import dev.refloat.controller.act.Marks;
import dev.refloat.controller.report.FindingReporter;
import dev.refloat.kube.Facts;
import dev.refloat.optin.Names;
import dev.refloat.recovery.Attempts;
import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Pod;
import dev.refloat.settings.WatchedNamespaces;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes the mark off claims whose recovery has held, so that the loop guard's count starts anew
 * (S46). How long a pod was Ready can only be seen while it runs: when it is stranded again, nobody
 * knows any more.
 *
 * <p>It costs one list of the marked claims, and a GET of the pod of each: what recoveries of the
 * last hours cost, not what the cluster costs.
 */
final class HeldRecoveries {

  private final KubernetesClient client;
  private final InstantSource time;
  private final WatchedNamespaces namespaces;
  private final Duration cooldown;
  private final Marks marks;
  private final FindingReporter reporter;

  /**
   * @param cooldown the loop guard's first
   */
  HeldRecoveries(
      KubernetesClient client,
      InstantSource time,
      WatchedNamespaces namespaces,
      Duration cooldown,
      Marks marks,
      FindingReporter reporter) {
    this.client = client;
    this.time = time;
    this.namespaces = namespaces;
    this.cooldown = cooldown;
    this.marks = marks;
    this.reporter = reporter;
  }

  /**
   * Looks once.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if something could not be read
   *     or written
   */
  void look() {
    for (PersistentVolumeClaim marked : marked()) {
      Optional.ofNullable(marked.getMetadata().getLabels().get(Names.RECOVERED))
          .filter(pod -> !pod.isEmpty())
          .ifPresent(pod -> look(Facts.claim(marked), pod));
    }
  }

  private void look(Claim claim, String podName) {
    Optional<Pod> pod =
        Optional.ofNullable(
                client.pods().inNamespace(claim.id().namespace()).withName(podName).get())
            .map(Facts::pod);
    boolean held =
        pod.filter(found -> Attempts.held(claim, found, cooldown, time.instant())).isPresent();
    if (held && marks.takeOff(claim.id())) {
      reporter.held(claim, podName);
    }
  }

  private List<PersistentVolumeClaim> marked() {
    List<PersistentVolumeClaim> marked = new ArrayList<>();
    for (Optional<String> namespace : namespaces.selected()) {
      var claims = client.persistentVolumeClaims();
      marked.addAll(
          namespace
              .map(name -> claims.inNamespace(name).withLabel(Names.RECOVERED).list().getItems())
              .orElseGet(
                  () -> claims.inAnyNamespace().withLabel(Names.RECOVERED).list().getItems()));
    }
    return marked;
  }
}
