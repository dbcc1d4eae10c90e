package dev.refloat.controller.sweep;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.PodAdmission;
import dev.refloat.kube.AdmissionFacts;
import dev.refloat.kube.Facts;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.LeanLists;
import dev.refloat.lean.ListRequest;
import dev.refloat.optin.Names;
import dev.refloat.recovery.Finding;
import dev.refloat.recovery.Lookout;
import dev.refloat.recovery.PodMetadata;
import dev.refloat.recovery.Volume;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pods that wait for a node and lack the label that they should have got (S49). The API server
 * selects those that wait without the label; of them only those that have opted in are read.
 */
final class UnlabelledPods {

  private static final String UNLABELLED =
      "statefulset.kubernetes.io/pod-name," + Names.LOCAL_STORAGE + "!=" + PodAdmission.EARNED;
  private static final String WAITING = "status.phase=Pending,spec.nodeName=";

  /** Their storage is read one by one; the others are looked at when these are mended. */
  private static final int MOST_PODS = 50;

  private final KubernetesClient client;
  private final InstantSource time;
  private final WatchedNamespaces namespaces;
  private final PodAdmission admission;
  private final LeanLists lists;

  UnlabelledPods(
      KubernetesClient client,
      InstantSource time,
      WatchedNamespaces namespaces,
      LocalStorage storage) {
    this.client = client;
    this.time = time;
    this.namespaces = namespaces;
    this.admission = new PodAdmission(new WatchedNamespaces.All(), storage);
    this.lists = new LeanLists(client);
  }

  /**
   * Returns the pods that lack their label now.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if anything could not be read
   */
  List<Finding> look() {
    Instant now = time.instant();
    List<PodMetadata> waiting = new ArrayList<>();
    for (Optional<String> namespace : namespaces.selected()) {
      waiting.addAll(
          lists
              .pods(
                  ListRequest.pods(namespace, UNLABELLED, WAITING, Freshness.REMEMBERED),
                  pod -> Optional.of(pod).filter(each -> Lookout.waitsUnlabelled(each, now)))
              .items());
    }
    List<Finding> found = new ArrayList<>();
    for (PodMetadata pod : waiting.subList(0, Math.min(waiting.size(), MOST_PODS))) {
      decision(pod).flatMap(decision -> Lookout.unlabelled(pod, decision)).ifPresent(found::add);
    }
    return found;
  }

  /** What the webhook would decide now; empty if the pod is gone, or is labelled meanwhile. */
  private Optional<Decision> decision(PodMetadata listed) {
    return Optional.ofNullable(
            client.pods().inNamespace(listed.id().namespace()).withName(listed.id().name()).get())
        .filter(pod -> Facts.pod(pod).unscheduled())
        .map(AdmissionFacts::pod)
        .map(pod -> admission.decide(pod, this::storage));
  }

  private List<ClaimStorage> storage(String namespace, List<String> claims) {
    return claims.stream().map(claim -> storage(namespace, claim)).toList();
  }

  private ClaimStorage storage(String namespace, String name) {
    PersistentVolumeClaim found =
        client.persistentVolumeClaims().inNamespace(namespace).withName(name).get();
    if (found == null) {
      return new ClaimStorage.Undetermined(name, "the claim does not exist");
    }
    var claim = Facts.claim(found);
    if (claim.volumeName().isPresent()) {
      return onVolume(name, claim.volumeName().get());
    }
    return claim
        .storageClass()
        .map(storageClass -> ofClass(name, storageClass))
        .orElseGet(() -> new ClaimStorage.Undetermined(name, "the claim has no storage class"));
  }

  private ClaimStorage onVolume(String claim, String name) {
    var found = client.persistentVolumes().withName(name).get();
    if (found == null) {
      return new ClaimStorage.Undetermined(claim, "volume " + name + " does not exist");
    }
    Volume volume = Facts.volume(found);
    return new ClaimStorage.OnVolume(claim, name, volume.source(), volume.affinity());
  }

  private ClaimStorage ofClass(String claim, String storageClass) {
    var found = client.storage().v1().storageClasses().withName(storageClass).get();
    return found == null
        ? new ClaimStorage.Undetermined(claim, "class " + storageClass + " does not exist")
        : new ClaimStorage.OfClass(claim, storageClass, found.getProvisioner());
  }
}
