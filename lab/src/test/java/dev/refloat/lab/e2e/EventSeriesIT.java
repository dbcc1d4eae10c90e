package dev.refloat.lab.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.SetKey;
import dev.refloat.controller.report.Events;
import dev.refloat.controller.report.Metrics;
import dev.refloat.controller.report.Reporter;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.faults.Fault;
import dev.refloat.lab.faults.FaultProxy;
import dev.refloat.lab.faults.Requests;
import dev.refloat.recovery.ObjectId;
import dev.refloat.recovery.Verdict;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A pod that is held for so long that its Event would be gone before somebody reads it. */
@ExtendWith(Lab.Shared.class)
class EventSeriesIT {

  private static final Verdict PAUSED = new Verdict.Leave.Paused("set");

  /** A minute more than after which a verdict is told again. */
  private static final Duration LATER = Duration.ofMinutes(51);

  @Test
  void what_still_holds_is_counted_in_the_Event_that_told_it(Lab lab) {
    try (Scene scene = Scene.in(lab, "series")) {
      scene.running(Scene.plain("db"));

      tellThreeTimes(scene, scene.proxy());

      assertThat(told(scene)).hasSize(1);
      assertThat(
              Kubectl.in(lab.controlPlane(), scene.world().namespace())
                  .says("describe", "pod", "db-0"))
          .containsPattern("Paused +0s \\(x3 over 102m\\) +refloat.dev/controller");
    }
  }

  @Test
  void what_cannot_be_counted_is_told_in_another_Event(Lab lab) {
    try (Scene scene = Scene.in(lab, "no-series")) {
      scene.running(Scene.plain("db"));
      FaultProxy proxy = scene.proxy();
      var _ = proxy.always(Requests.patch("events"), Fault.status(403));

      tellThreeTimes(scene, proxy);

      assertThat(told(scene)).hasSize(3).allMatch(event -> event.getSeries() == null);
    }
  }

  /** The last time is now. */
  private static void tellThreeTimes(Scene scene, FaultProxy proxy) {
    ObjectMeta pod = scene.world().pod("db-0").orElseThrow().getMetadata();
    Instant[] now = {Instant.now().minus(LATER.multipliedBy(2))};
    try (KubernetesClient client = Clients.sendingOnce(proxy.kubeconfig())) {
      Metrics metrics = new Metrics(new PrometheusRegistry(), () -> 1);
      try (Events events = new Events(client, () -> now[0], "test", metrics)) {
        Reporter reporter = new Reporter(events, () -> now[0], metrics, false);
        for (int time = 1; time <= 3; time++) {
          reporter.verdict(
              new SetKey(pod.getNamespace(), "db"),
              new ObjectId(
                  pod.getNamespace(), pod.getName(), pod.getUid(), pod.getResourceVersion()),
              PAUSED);
          now[0] = now[0].plus(LATER);
        }
      }
    }
  }

  private static List<Event> told(Scene scene) {
    return scene
        .client()
        .events()
        .v1()
        .events()
        .inNamespace(scene.world().namespace())
        .list()
        .getItems()
        .stream()
        .filter(event -> "refloat.dev/controller".equals(event.getReportingController()))
        .toList();
  }
}
