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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Several clients that make pods all the time; the pods are admitted, and never really made. */
final class SteadyLoad implements AutoCloseable {

  static final int CLIENTS = 4;

  private static final Duration LAST_REQUEST = Duration.ofSeconds(15);

  private final KubernetesClient client;
  private final Pod pod;
  private final Predicate<Pod> asItShouldBe;
  private final ScheduledExecutorService clients = Executors.newScheduledThreadPool(CLIENTS);
  private final AtomicInteger sent = new AtomicInteger();
  private final AtomicLong longestNanos = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private SteadyLoad(KubernetesClient client, Pod pod, Predicate<Pod> asItShouldBe) {
    this.client = client;
    this.pod = pod;
    this.asItShouldBe = asItShouldBe;
  }

  /**
   * Begins with pods that mean nothing to anybody.
   *
   * @param client one that sends each request once, so that a failure is one
   * @param period how often each of the clients makes a pod
   */
  static SteadyLoad on(KubernetesClient client, String namespace, Duration period) {
    return on(client, pod(namespace), _ -> true, period);
  }

  /**
   * Begins.
   *
   * @param pod what is made
   * @param asItShouldBe whether what was admitted is; one that is not is a failure
   */
  static SteadyLoad on(
      KubernetesClient client, Pod pod, Predicate<Pod> asItShouldBe, Duration period) {
    SteadyLoad load = new SteadyLoad(client, pod, asItShouldBe);
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

  /** How long the slowest request took. */
  Duration longest() {
    return Duration.ofNanos(longestNanos.get());
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
    long begun = System.nanoTime();
    try {
      Pod admitted = client.resource(pod).dryRun().create();
      if (!asItShouldBe.test(admitted)) {
        failures.add(
            "request %s made a pod with the labels %s"
                .formatted(sent, admitted.getMetadata().getLabels()));
      }
    } catch (RuntimeException e) {
      failures.add("request " + sent + " failed: " + e);
    }
    long took = System.nanoTime() - begun;
    longestNanos.accumulateAndGet(took, Math::max);
    sent.incrementAndGet();
  }

  /** A pod that means nothing to anybody. */
  static Pod pod(String namespace) {
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
