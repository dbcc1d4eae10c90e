package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.lab.await.Await;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.relay.Relay;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Webhooks are replaced, and nobody who makes a pod notices. */
@ExtendWith(Lab.Shared.class)
class RolloutIT {

  /** So often that there is always a request under way. */
  private static final Duration PERIOD = Duration.ofMillis(15);

  private static final Duration SECONDS = Duration.ofSeconds(20);

  /** Long enough for the Service to hear of it, and for the API server's connections to be used. */
  private static final String DRAIN_DELAY = "4s";

  @Test
  void no_request_fails_while_two_processes_are_replaced_one_after_the_other(Lab lab)
      throws InterruptedException {
    Service service = new Service();
    try (OwnRegistration own = OwnRegistration.in(lab, "rollout");
        Relay relay = Relay.to(service::next);
        KubernetesClient client = Clients.sendingOnce(lab.controlPlane().adminKubeconfig())) {
      // GIVEN two webhooks behind a Service, or pods are refused
      RefloatProcess first = start(own, service);
      RefloatProcess second = start(own, service);
      own.registerAt(relay.url().getPort());
      Await.within(SECONDS)
          .until("the API server to trust them", () -> SteadyLoad.isAdmitted(client, own.name()));

      // WHEN each is replaced while pods are made all the time
      try (SteadyLoad load = SteadyLoad.on(client, own.name(), PERIOD)) {
        for (RefloatProcess old : List.of(first, second)) {
          start(own, service);
          assertThat(old.terminate()).isZero();
          service.remove(old);
          int sent = load.sent();
          Await.within(SECONDS)
              .unless(load::failure)
              .until("pods to be made without it", () -> load.sent() > sent + 50);
        }

        // THEN all of them were admitted
        assertThat(load.finish()).isEmpty();
        assertThat(load.sent()).isGreaterThan(500);
        System.out.printf(
            "%d pods by %d clients while two webhooks were replaced%n",
            load.sent(), SteadyLoad.CLIENTS);
      }
    }
  }

  private static RefloatProcess start(OwnRegistration own, Service service) {
    RefloatProcess started = own.webhook("REFLOAT_DRAIN_DELAY", DRAIN_DELAY);
    service.add(started);
    return started;
  }

  /**
   * Sends each connection to one of those that were ready a moment ago, in turn. A Service knows as
   * late as that, too: readiness is asked for once in a while, and kube-proxy hears of it later.
   */
  private static final class Service {

    private static final long BEHIND_NANOS = Duration.ofMillis(700).toNanos();

    private final List<RefloatProcess> members = new CopyOnWriteArrayList<>();

    // Used by the relay's thread that accepts.

    private List<URI> ready = List.of();
    private long askedAt = System.nanoTime() - BEHIND_NANOS;
    private int turn = 0;

    void add(RefloatProcess webhook) {
      members.add(webhook);
    }

    void remove(RefloatProcess webhook) {
      members.remove(webhook);
    }

    Optional<URI> next() {
      if (System.nanoTime() - askedAt >= BEHIND_NANOS) {
        ready = members.stream().filter(RefloatProcess::isReady).map(Service::address).toList();
        askedAt = System.nanoTime();
      }
      turn++;
      return ready.isEmpty() ? Optional.empty() : Optional.of(ready.get(turn % ready.size()));
    }

    private static URI address(RefloatProcess webhook) {
      return URI.create("https://127.0.0.1:" + webhook.admissionPort().orElseThrow());
    }
  }
}
