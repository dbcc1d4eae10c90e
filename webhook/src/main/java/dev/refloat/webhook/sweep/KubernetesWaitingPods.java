package dev.refloat.webhook.sweep;

import dev.refloat.admission.PodAdmission;
import dev.refloat.kube.AdmissionFacts;
import dev.refloat.kube.Facts;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.LeanLists;
import dev.refloat.lean.ListRequest;
import dev.refloat.optin.Names;
import dev.refloat.process.MergePatch;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.PodMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The port by the fabric8 client. */
public final class KubernetesWaitingPods implements WaitingPods {

  /** Only pods of StatefulSets have it. */
  private static final String OF_A_SET = "statefulset.kubernetes.io/pod-name";

  private static final String WAITING = "status.phase=Pending,spec.nodeName=";

  private final KubernetesClient client;
  private final LeanLists lists;
  private final MergePatch mergePatch;

  public KubernetesWaitingPods(KubernetesClient client) {
    this.client = client;
    this.lists = new LeanLists(client);
    this.mergePatch = new MergePatch(client);
  }

  @Override
  public List<ObjectId> list(Optional<String> namespace, Kind kind, Predicate<PodMetadata> wanted) {
    String labels =
        OF_A_SET
            + switch (kind) {
              case LABELLED -> "," + Names.LOCAL_STORAGE + "=" + PodAdmission.EARNED;
              // Without it as well as with another value: nobody watches either.
              case UNLABELLED -> "," + Names.LOCAL_STORAGE + "!=" + PodAdmission.EARNED;
            };
    // Behind by a moment is good enough: each is read again before it is written.
    return lists
        .pods(
            ListRequest.pods(namespace, labels, WAITING, Freshness.REMEMBERED),
            pod -> Optional.of(pod).filter(wanted).map(PodMetadata::id))
        .items();
  }

  @Override
  public Optional<Live> read(ObjectId id) {
    return Optional.ofNullable(client.pods().inNamespace(id.namespace()).withName(id.name()).get())
        .filter(pod -> Facts.pod(pod).unscheduled())
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .map(pod -> new Live(Facts.id(pod), AdmissionFacts.pod(pod)));
  }

  /** A merge patch with a resourceVersion that is not the live one is answered with 409. */
  @Override
  public Written write(ObjectId pod, boolean labelled) {
    try {
      Map<String, Object> labels = new HashMap<>();
      labels.put(Names.LOCAL_STORAGE, labelled ? PodAdmission.EARNED : null);
      var _ =
          mergePatch.send(
              "api/v1/namespaces/%s/pods/%s".formatted(pod.namespace(), pod.name()),
              Map.of(
                  "metadata", Map.of("resourceVersion", pod.resourceVersion(), "labels", labels)),
              Pod.class);
      return Written.DONE;
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Written.CONFLICT;
        default -> throw e;
      };
    }
  }
}
