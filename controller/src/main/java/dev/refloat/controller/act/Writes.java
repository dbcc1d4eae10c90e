package dev.refloat.controller.act;

import dev.refloat.optin.Names;
import dev.refloat.process.Failures;
import dev.refloat.process.MergePatch;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Plan;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The writes. Those that change what matters are guarded by UID and resourceVersion: the API server
 * refuses them with 409 if the object is not exactly the one that was decided about. The fence is
 * asked before each.
 *
 * <p>fabric8's DSL has no UID precondition, so deletes go out as they are. A merge patch that names
 * {@code metadata.uid} and {@code metadata.resourceVersion} is refused in the same way.
 */
final class Writes {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final Fence fence;
  private final MergePatch mergePatch;

  Writes(KubernetesClient client, Fence fence) {
    this.client = client;
    this.fence = fence;
    this.mergePatch = new MergePatch(client);
  }

  /**
   * What a write came to. Failures of any other kind are thrown.
   *
   * @param <T> what was written
   */
  sealed interface Written<T> {

    /** It happened; the object is as it was stored, or is gone. */
    record Done<T>(Optional<T> after) implements Written<T> {}

    /** The object was not there any more. */
    record AlreadyGone<T>() implements Written<T> {}

    /** The object had changed, nothing happened. */
    record Conflict<T>(String why) implements Written<T> {}

    /** This process may not write any more, nothing went out. */
    record Fenced<T>(String why) implements Written<T> {}
  }

  /** Sets the volume to Retain and writes down whose data it holds, in one patch. */
  Written<PersistentVolume> keep(Plan.Step.KeepData step, Instant now) {
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
    return patchVolume(step.target(), annotations, "Retain");
  }

  /**
   * Gives the claim another version, so that a delete of it that is still on its way, whoever sent
   * it, is refused. To be done before its volume is set back (S40, S44).
   */
  Written<PersistentVolumeClaim> stays(ObjectId claim, Instant now) {
    return patchClaim(claim, guarded(claim, Map.of(Names.STAYS, now.toString())));
  }

  /** Gives the volume its old policy back, if it is still this version of it. */
  Written<PersistentVolume> restore(ObjectId kept, String policyWas) {
    Map<String, Object> annotations = new HashMap<>();
    annotations.put(Names.KEPT, null);
    annotations.put(Names.RECLAIM_POLICY_WAS, null);
    return patchVolume(kept, annotations, policyWas);
  }

  /**
   * Writes down on the claim of that name, whichever it is, which attempt made it, and for which
   * pod; returns it.
   *
   * <p>The only write without a guard: a mark on a claim that came later only makes the loop guard
   * more careful, and the answer says which claim it was.
   */
  Written<PersistentVolumeClaim> markAttempt(ObjectId claim, String pod, int attempt) {
    return patchClaim(
        claim,
        Map.of(
            "annotations",
            Map.of(Names.ATTEMPT, Integer.toString(attempt)),
            "labels",
            Map.of(Names.RECOVERED, pod)));
  }

  /** Takes that off again, if it is still this version of the claim. */
  Written<PersistentVolumeClaim> unmark(ObjectId claim) {
    return patchClaim(
        claim,
        Map.of(
            "uid",
            claim.uid(),
            "resourceVersion",
            claim.resourceVersion(),
            "annotations",
            nothing(Names.ATTEMPT),
            "labels",
            nothing(Names.RECOVERED)));
  }

  /** In a merge patch: to be removed. */
  private static Map<String, Object> nothing(String name) {
    Map<String, Object> nothing = new HashMap<>();
    nothing.put(name, null);
    return nothing;
  }

  private Written<PersistentVolumeClaim> patchClaim(ObjectId claim, Map<String, Object> metadata) {
    return patch(
        "api/v1/namespaces/" + claim.namespace() + "/persistentvolumeclaims/" + claim.name(),
        Map.of("metadata", metadata),
        PersistentVolumeClaim.class);
  }

  /** Deletes the claim; what is left of it is empty if it is gone already. */
  Written<PersistentVolumeClaim> deleteClaim(ObjectId claim) {
    return delete("persistentvolumeclaims", claim, PersistentVolumeClaim.class);
  }

  Written<Pod> deletePod(ObjectId pod) {
    return delete("pods", pod, Pod.class);
  }

  private Written<PersistentVolume> patchVolume(
      ObjectId guard, Map<String, Object> annotations, String reclaimPolicy) {
    return patch(
        "api/v1/persistentvolumes/" + guard.name(),
        Map.of(
            "metadata",
            guarded(guard, annotations),
            "spec",
            Map.of("persistentVolumeReclaimPolicy", reclaimPolicy)),
        PersistentVolume.class);
  }

  private static Map<String, Object> guarded(ObjectId guard, Map<String, Object> annotations) {
    return Map.of(
        "uid", guard.uid(), "resourceVersion", guard.resourceVersion(), "annotations", annotations);
  }

  private <T extends HasMetadata> Written<T> patch(
      String path, Map<String, Object> patch, Class<T> type) {
    return write(() -> Optional.of(mergePatch.send(path, patch, type)));
  }

  private <T extends HasMetadata> Written<T> delete(String plural, ObjectId id, Class<T> type) {
    DeleteOptions options =
        new DeleteOptionsBuilder()
            .withPropagationPolicy("Background")
            .withNewPreconditions()
            .withUid(id.uid())
            .withResourceVersion(id.resourceVersion())
            .endPreconditions()
            .build();
    return write(
        () ->
            left(
                client.raw(
                    "/api/v1/namespaces/" + id.namespace() + "/" + plural + "/" + id.name(),
                    "DELETE",
                    options),
                type));
  }

  /**
   * A claim that is gone is answered with a Status, one whose finalizers hold it with itself: <a
   * href="https://github.com/kubernetes/kubernetes/blob/v1.36.3/staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go">Store.Delete</a>.
   * A pod is answered with itself in any case.
   */
  private <T extends HasMetadata> Optional<T> left(String answer, Class<T> type) {
    return client.getKubernetesSerialization().unmarshal(answer, KubernetesResource.class)
            instanceof Status
        ? Optional.empty()
        : Optional.of(client.getKubernetesSerialization().unmarshal(answer, type));
  }

  private <T> Written<T> write(Supplier<Optional<T>> call) {
    Optional<String> objection = fence.objection();
    if (objection.isPresent()) {
      return new Written.Fenced<>(objection.get());
    }
    try {
      return new Written.Done<>(call.get());
    } catch (KubernetesClientException e) {
      return switch (e.getCode()) {
        case NOT_FOUND -> new Written.AlreadyGone<>();
        case CONFLICT -> new Written.Conflict<>(Failures.words(e));
        default -> throw e;
      };
    }
  }
}
