package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import dev.refloat.kube.Facts;
import dev.refloat.optin.Names;
import dev.refloat.process.Failures;
import dev.refloat.settings.WatchedNamespaces;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Filterable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labelled pods that are Pending without a node, and nothing else.
 *
 * <p>Label and field selectors are evaluated by the API server: a healthy cluster streams nothing,
 * whatever its size. A pod that gets a node leaves the selection, which the API server tells as a
 * deletion.
 */
public final class StrandedPods implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StrandedPods.class);

  private final List<SharedIndexInformer<Pod>> informers = new ArrayList<>();

  /**
   * @param changed told of every set one of whose stranded pods came, changed or left; called on
   *     the client's threads
   */
  public StrandedPods(
      KubernetesClient client, WatchedNamespaces namespaces, Consumer<SetKey> changed) {
    switch (namespaces) {
      case WatchedNamespaces.All() ->
          informers.add(informer(client.pods().inAnyNamespace(), changed));
      case WatchedNamespaces.Only only -> {
        for (String namespace : only.names()) {
          informers.add(informer(client.pods().inNamespace(namespace), changed));
        }
      }
    }
  }

  /** Starts to watch, and goes on trying for ever; returns at once. */
  public void start() {
    for (SharedIndexInformer<Pod> informer : informers) {
      var _ = informer.start();
    }
    log.info("Watching for Pending pods without a node");
  }

  /** Whether every watch is established and its last list complete. */
  public boolean isWatching() {
    return informers.stream().allMatch(informer -> informer.isWatching() && informer.hasSynced());
  }

  /** The stranded pods of a set as last seen, by name. */
  public List<dev.refloat.recovery.Pod> of(SetKey key) {
    return informers.stream()
        .flatMap(informer -> informer.getStore().list().stream())
        .map(Facts::pod)
        .filter(pod -> SetKey.of(pod).filter(key::equals).isPresent())
        .sorted(Comparator.comparing(dev.refloat.recovery.Pod::name))
        .toList();
  }

  /** How many pods are stranded or look it. */
  public int count() {
    return informers.stream().mapToInt(informer -> informer.getStore().listKeys().size()).sum();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  private static SharedIndexInformer<Pod> informer(
      Filterable<FilterWatchListDeletable<Pod, PodList, PodResource>> pods,
      Consumer<SetKey> changed) {
    return pods.withLabel(Names.LOCAL_STORAGE, "true")
        .withField("status.phase", "Pending")
        .withField("spec.nodeName", "")
        .runnableInformer(0)
        .addEventHandler(new Suspect(changed))
        .exceptionHandler(
            (_, failure) -> {
              log.atWarn()
                  .addKeyValue("why", Failures.words(failure))
                  .log("Failed to watch pods, trying again");
              return true;
            });
  }

  private record Suspect(Consumer<SetKey> changed) implements ResourceEventHandler<Pod> {

    @Override
    public void onAdd(Pod pod) {
      tell(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      tell(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean stateUnknown) {
      tell(pod);
    }

    private void tell(Pod pod) {
      SetKey.of(Facts.pod(pod)).ifPresent(changed);
    }
  }
}
