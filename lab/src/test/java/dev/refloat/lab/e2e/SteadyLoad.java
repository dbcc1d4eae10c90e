package dev.refloat.lab.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Several clients that make pods all the time; the pods are admitted, and never really made. */
final class SteadyLoad implements AutoCloseable {

  static final int CLIENTS = 4;

  private static final Duration LAST_REQUEST = Duration.ofSeconds(15);

  private final KubernetesClient client;
  private final String namespace;
  private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
  private final AtomicInteger sent = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private SteadyLoad(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Begins.
   *
   * @param client one that sends each request once, so that a failure is one
   * @param period how often each of the clients makes a pod
   */
  static SteadyLoad on(KubernetesClient client, String namespace, Duration period) {
    SteadyLoad load = new SteadyLoad(client, namespace);
    for (int i = 0; i < CLIENTS; i++) {
      var _ =
          load.clients.scheduleAtFixedRate(
              load::admit,
              period.toMillis() * i / CLIENTS,
              period.toMillis(),
              TimeUnit.MILLISECONDS);
    }
    return load;
  }

  /** Whether a pod would be admitted now. */
  static boolean isAdmitted(KubernetesClient client, String namespace) {
    try {
      var _ = client.resource(pod(namespace)).dryRun().create();
      return true;
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  int sent() {
    return sent.get();
  }

  /** The first failure, if any. */
  Optional<String> failure() {
    return failures.stream().findFirst();
  }

  /** Ends, and returns all failures. */
  List<String> finish() throws InterruptedException {
    clients.shutdown();
    if (!clients.awaitTermination(LAST_REQUEST.toSeconds(), TimeUnit.SECONDS)) {
      failures.add("a request has not ended after " + LAST_REQUEST);
    }
    return List.copyOf(failures);
  }

  private void admit() {
    try {
      var _ = client.resource(pod(namespace)).dryRun().create();
    } catch (RuntimeException e) {
      failures.add("request " + sent + " failed: " + e);
    }
    sent.incrementAndGet();
  }

  private static Pod pod(String namespace) {
    return new PodBuilder()
        .withNewMetadata()
        .withGenerateName("admitted-")
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("none")
        .withImage("none")
        .endContainer()
        .endSpec()
        .build();
  }

  @Override
  public void close() {
    clients.shutdownNow();
  }
}
