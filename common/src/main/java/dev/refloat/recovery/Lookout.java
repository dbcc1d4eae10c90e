package dev.refloat.recovery;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.optin.OptInReader;
import dev.refloat.optin.OptInReading;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides about pods that nobody watches whether a person must know of them. Only those that have
 * opted in and belong to a StatefulSet.
 */
public final class Lookout {

  /**
   * A kubelet renews its Lease every ten seconds, and its node is not ready after 40 to 50 (<a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/controller/nodelifecycle/config/v1alpha1/defaults.go">{@code
   * NodeMonitorGracePeriod}</a>).
   */
  private static final Duration SILENT_AFTER = Duration.ofSeconds(60);

  /** A kubelet that is merely busy takes a few seconds longer than the grace period. */
  private static final Duration OVERDUE_AFTER = Duration.ofSeconds(30);

  /** Most pods are scheduled in less. */
  private static final Duration WAITS_AFTER = Duration.ofSeconds(30);

  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";

  private Lookout() {}

  /** Whether the node with such a Lease is to be looked at; alone it proves nothing. */
  public static boolean silent(Instant renewedAt, Instant now) {
    return Duration.between(renewedAt, now).compareTo(SILENT_AFTER) > 0;
  }

  /**
   * Whether nobody ends the pods of this silent node: where it is {@code out-of-service},
   * Kubernetes does.
   */
  public static boolean abandoned(Node node) {
    return !node.ready()
        && node.taints().stream().noneMatch(taint -> taint.key().equals(OUT_OF_SERVICE));
  }

  /**
   * Returns what is to be told of a pod on an {@link #abandoned} node.
   *
   * @param silentSince when the node's Lease was last renewed
   */
  public static Optional<Finding> onAbandonedNode(
      PodMetadata pod, String node, Instant silentSince, Instant now) {
    return pod.deletionDue()
        .filter(due -> Duration.between(due, now).compareTo(OVERDUE_AFTER) > 0)
        .flatMap(
            due ->
                ours(pod)
                    .map(
                        set ->
                            new Finding.TerminatingOnLostNode(
                                pod.id(), set, node, due, silentSince)));
  }

  /** Whether this unlabelled pod has waited for a node for so long that its storage matters. */
  public static boolean waitsUnlabelled(PodMetadata pod, Instant now) {
    return ours(pod).isPresent()
        && pod.deletionDue().isEmpty()
        && Duration.between(pod.createdAt(), now).compareTo(WAITS_AFTER) > 0;
  }

  /**
   * Returns what is to be told of a pod that {@linkplain #waitsUnlabelled waits}.
   *
   * @param decision what the webhook would decide about it now
   */
  public static Optional<Finding> unlabelled(PodMetadata pod, Decision decision) {
    return switch (decision) {
      case Decision.Label(ClaimStorage because) ->
          switch (because) {
            case ClaimStorage.OnVolume _, ClaimStorage.OfClass _ ->
                ours(pod)
                    .map(set -> new Finding.UnlabelledButStranded(pod.id(), set, because.claim()));
            // The webhook labels on suspicion; nobody is woken up on suspicion.
            case ClaimStorage.Undetermined _, ClaimStorage.Unanswered _ -> Optional.empty();
          };
      case Decision.Unlabel _, Decision.Leave _ -> Optional.empty();
    };
  }

  private static Optional<String> ours(PodMetadata pod) {
    return OptInReader.read(pod.annotations()) instanceof OptInReading.Yes
        ? pod.controller().filter(Pod.Owner::isStatefulSet).map(Pod.Owner::name)
        : Optional.empty();
  }
}
