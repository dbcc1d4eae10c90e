package dev.refloat.webhook.sweep;

import dev.refloat.kube.AdmissionFacts;
import dev.refloat.kube.Facts;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.LeanLists;
import dev.refloat.lean.ListRequest;
import dev.refloat.optin.Names;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/** The port by the fabric8 client. */
public final class KubernetesWaitingPods implements WaitingPods {

  /** Only pods of StatefulSets have it. */
  private static final String OF_A_SET = "statefulset.kubernetes.io/pod-name";

  private static final String WAITING = "status.phase=Pending,spec.nodeName=";

  private final KubernetesClient client;
  private final LeanLists lists;

  public KubernetesWaitingPods(KubernetesClient client) {
    this.client = client;
    this.lists = new LeanLists(client);
  }

  @Override
  public List<PodMetadata> list(Optional<String> namespace, Kind kind) {
    String labels =
        OF_A_SET
            + switch (kind) {
              case LABELLED -> "," + Names.LOCAL_STORAGE;
              case UNLABELLED -> ",!" + Names.LOCAL_STORAGE;
            };
    // Behind by a moment is good enough: each is read again before it is written.
    return lists
        .pods(ListRequest.pods(namespace, labels, WAITING, Freshness.REMEMBERED), Optional::of)
        .items();
  }

  @Override
  public Optional<Live> read(ObjectId id) {
    return Optional.ofNullable(client.pods().inNamespace(id.namespace()).withName(id.name()).get())
        .filter(pod -> Facts.pod(pod).unscheduled())
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(
            pod ->
                new Live(
                    Facts.id(pod),
                    AdmissionFacts.pod(pod),
                    pod.getMetadata().getLabels() != null
                        && !pod.getMetadata().getLabels().isEmpty()));
  }

  @Override
  public Written write(Live pod, String patch) {
    try {
      var _ =
          client
              .pods()
              .inNamespace(pod.id().namespace())
              .withName(pod.id().name())
              .patch(PatchContext.of(PatchType.JSON), patch);
      return Written.DONE;
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Written.CONFLICT;
        default -> throw e;
      };
    }
  }
}
