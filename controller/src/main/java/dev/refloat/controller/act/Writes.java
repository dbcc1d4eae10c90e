package dev.refloat.controller.act;

import dev.refloat.optin.Names;
import dev.refloat.process.Failures;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The writes, each guarded by UID and resourceVersion: the API server refuses it with 409 if the
 * object is not exactly the one that was decided about.
 *
 * <p>fabric8's DSL has no UID precondition, so deletes go out as they are. A merge patch that names
 * {@code metadata.uid} and {@code metadata.resourceVersion} is refused in the same way.
 */
final class Writes {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubernetesClient client;

  Writes(KubernetesClient client) {
    this.client = client;
  }

  /** What a write came to. Failures of any other kind are thrown. */
  sealed interface Written {

    /** It happened. The version is that of the object afterwards, empty for a delete. */
    record Done(String resourceVersion) implements Written {}

    /** The object was not there any more. */
    record AlreadyGone() implements Written {}

    /** The object had changed, nothing happened. */
    record Conflict(String why) implements Written {}
  }

  /** Sets the volume to Retain and writes down whose data it holds, in one patch. */
  Written keep(Plan.Step.KeepData step, Instant now) {
    Plan.KeptFor owner = step.owner();
    Map<String, Object> annotations = new HashMap<>();
    annotations.put(
        Names.KEPT,
        "{\"namespace\":\"%s\",\"claim\":\"%s\",\"claimUid\":\"%s\",\"statefulSet\":\"%s\",\"ordinal\":%d,\"time\":\"%s\"}"
            .formatted(
                owner.namespace(),
                owner.claim(),
                owner.claimUid(),
                owner.set(),
                owner.ordinal(),
                now));
    annotations.put(Names.RECLAIM_POLICY_WAS, step.policyWas());
    return patch(volume(step.target()), step.target(), annotations, Optional.of("Retain"));
  }

  /** Gives the volume its old policy back, if it is still the version that {@link #keep} left. */
  Written restore(Plan.Step.KeepData step, String resourceVersion) {
    ObjectId kept = new ObjectId("", step.target().name(), step.target().uid(), resourceVersion);
    Map<String, Object> annotations = new HashMap<>();
    annotations.put(Names.KEPT, null);
    annotations.put(Names.RECLAIM_POLICY_WAS, null);
    return patch(volume(kept), kept, annotations, Optional.of(step.policyWas()));
  }

  /** Writes down which attempt made this claim. */
  Written markAttempt(ObjectId claim, int attempt) {
    return patch(
        client.persistentVolumeClaims().inNamespace(claim.namespace()).withName(claim.name()),
        claim,
        Map.of(Names.ATTEMPT, Integer.toString(attempt)),
        Optional.empty());
  }

  Written deleteClaim(ObjectId claim) {
    return delete("persistentvolumeclaims", claim);
  }

  Written deletePod(ObjectId pod) {
    return delete("pods", pod);
  }

  private Resource<PersistentVolume> volume(ObjectId id) {
    return client.persistentVolumes().withName(id.name());
  }

  private Written patch(
      Resource<? extends HasMetadata> resource,
      ObjectId guard,
      Map<String, Object> annotations,
      Optional<String> reclaimPolicy) {
    Map<String, Object> patch = new HashMap<>();
    patch.put(
        "metadata",
        Map.of(
            "uid",
            guard.uid(),
            "resourceVersion",
            guard.resourceVersion(),
            "annotations",
            annotations));
    reclaimPolicy.ifPresent(
        policy -> patch.put("spec", Map.of("persistentVolumeReclaimPolicy", policy)));
    String body = client.getKubernetesSerialization().asJson(patch);
    try {
      HasMetadata after = resource.patch(PatchContext.of(PatchType.JSON_MERGE), body);
      return new Written.Done(after.getMetadata().getResourceVersion());
    } catch (KubernetesClientException e) {
      return refusal(e);
    }
  }

  private Written delete(String plural, ObjectId id) {
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(id.uid())
            .withResourceVersion(id.resourceVersion())
            .endPreconditions()
            .build();
    try {
      var _ =
          client.raw(
              "/api/v1/namespaces/" + id.namespace() + "/" + plural + "/" + id.name(),
              "DELETE",
              options);
      return new Written.Done("");
    } catch (KubernetesClientException e) {
      return refusal(e);
    }
  }

  private static Written refusal(KubernetesClientException e) {
    return switch (e.getCode()) {
      case NOT_FOUND -> new Written.AlreadyGone();
      case CONFLICT -> new Written.Conflict(Failures.words(e));
      default -> throw e;
    };
  }
}
