package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.lean.Freshness;
import dev.refloat.lean.LeanLists;
import dev.refloat.lean.ListRequest;
import dev.refloat.lean.Listed;
import dev.refloat.optin.Names;
import dev.refloat.recovery.Pod;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Filterable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.Optional;

/**
 * The pods that a watch is about: labelled, Pending and without a node; in one namespace or in all.
 */
final class Selection {

  private static final String UNSCHEDULED = "status.phase=Pending,spec.nodeName=";

  private final KubernetesClient client;
  private final LeanLists lists;
  private final Optional<String> namespace;

  Selection(KubernetesClient client, Optional<String> namespace) {
    this.client = client;
    this.lists = new LeanLists(client);
    this.namespace = namespace;
  }

  /**
   * Lists the pods that a StatefulSet makes; nobody else's are ever refloated.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if they could not be listed
   */
  Listed<Suspect> list(Freshness freshness) {
    return lists.pods(
        ListRequest.pods(namespace, Names.LOCAL_STORAGE + "=true", UNSCHEDULED, freshness),
        pod ->
            pod.controller()
                .filter(Pod.Owner::isStatefulSet)
                .map(
                    owner ->
                        new Suspect(
                            pod.id(),
                            new SetKey(pod.id().namespace(), owner.name()),
                            pod.createdAt())));
  }

  /**
   * Watches from where a list ended. fabric8 goes on by itself when the connection is cut, from the
   * last version that was told; bookmarks keep it young, and are told to the watcher.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the watch could not be opened
   */
  Watch watch(String resourceVersion, Watcher<io.fabric8.kubernetes.api.model.Pod> watcher) {
    Filterable<FilterWatchListDeletable<io.fabric8.kubernetes.api.model.Pod, PodList, PodResource>>
        pods =
            namespace
                .<Filterable<
                        FilterWatchListDeletable<
                            io.fabric8.kubernetes.api.model.Pod, PodList, PodResource>>>
                    map(name -> client.pods().inNamespace(name))
                .orElseGet(() -> client.pods().inAnyNamespace());
    return pods.withLabel(Names.LOCAL_STORAGE, "true")
        .withField("status.phase", "Pending")
        .withField("spec.nodeName", "")
        .watch(
            new ListOptionsBuilder()
                .withResourceVersion(resourceVersion)
                .withAllowWatchBookmarks(true)
                .build(),
            watcher);
  }

  @Override
  public String toString() {
    return namespace.orElse("all");
  }
}
