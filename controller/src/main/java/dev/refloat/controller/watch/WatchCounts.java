package dev.refloat.controller.watch;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** How often a watch had to be opened anew, and why. */
public final class WatchCounts {

  private final Counter restarts;

  public WatchCounts(PrometheusRegistry registry) {
    restarts =
        Counter.builder()
            .name("refloat_watch_restarts_total")
            .help("Watches of pods that were given up and opened anew, by why.")
            .labelNames("why")
            .register(registry);
    for (Class<?> end : WatchEnd.class.getPermittedSubclasses()) {
      restarts.initLabelValues(end.getSimpleName());
    }
  }

  void ended(WatchEnd end) {
    restarts.labelValues(end.getClass().getSimpleName()).inc();
  }
}
