package dev.refloat.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.refloat.lab.Resources;
import dev.refloat.lab.world.LabStorageClass;
import dev.refloat.lab.world.ReclaimPolicy;
import dev.refloat.lab.world.World;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;

/** The pod of a database, of a usual size, as the API server shows it to a webhook. */
final class SamplePod {

  /** Of {@code pod.yaml}. */
  private static final String CLAIM = "data-orders-db-0";

  static final String SET = "orders-db";

  private static final String OURS = "refloat.dev/";
  private static final String UID = "7d5f4b1e-0b1c-4a57-9f3a-3f0e6f6f2a10";
  private static final ObjectMapper JSON = new ObjectMapper();

  private SamplePod() {}

  /** Adds its claim, which waits for it, and a class of local volumes. */
  static void addClaim(World world) {
    world
        .add(new LabStorageClass.Dynamic(Single.CLASS, ReclaimPolicy.DELETE))
        .addClaim(CLAIM, Single.CLASS);
  }

  /** Returns it as it is in the file, in that namespace. */
  static Pod in(String namespace) {
    return new PodBuilder(
            Serialization.unmarshal(Resources.beside(SamplePod.class, "pod.yaml"), Pod.class))
        .editMetadata()
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }

  /**
   * Returns it as one that may be made.
   *
   * @param set whose it is; it takes no pod of such a name for one of its own, so that its
   *     controller lets it be
   */
  static Pod of(StatefulSet set, int number, boolean optedIn) {
    Pod pod =
        new PodBuilder(in(set.getMetadata().getNamespace()))
            .editMetadata()
            .withGenerateName(null)
            .withName("%s-%05d-x".formatted(SET, number))
            .editFirstOwnerReference()
            .withUid(set.getMetadata().getUid())
            .endOwnerReference()
            .endMetadata()
            .build();
    if (!optedIn) {
      pod.getMetadata().getAnnotations().keySet().removeIf(name -> name.startsWith(OURS));
    }
    return pod;
  }

  /** Returns the body of the question whether {@code pod} may be made, in UTF-8. */
  static byte[] review(Pod pod) {
    ObjectNode review = JSON.createObjectNode();
    review.put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/v1");
    ObjectNode request = review.putObject("request").put("uid", UID);
    for (String kind : new String[] {"kind", "requestKind"}) {
      request.putObject(kind).put("group", "").put("version", "v1").put("kind", "Pod");
    }
    for (String resource : new String[] {"resource", "requestResource"}) {
      request.putObject(resource).put("group", "").put("version", "v1").put("resource", "pods");
    }
    request.put("namespace", pod.getMetadata().getNamespace()).put("operation", "CREATE");
    request
        .putObject("userInfo")
        .put("username", "system:serviceaccount:kube-system:statefulset-controller")
        .putArray("groups")
        .add("system:serviceaccounts")
        .add("system:serviceaccounts:kube-system")
        .add("system:authenticated");
    request.set("object", JSON.valueToTree(pod));
    request.putNull("oldObject").put("dryRun", false);
    request.putObject("options").put("kind", "CreateOptions").put("apiVersion", "meta.k8s.io/v1");
    try {
      return JSON.writeValueAsBytes(review);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }
}
