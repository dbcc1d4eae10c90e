package dev.refloat.controller.report;

import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long each part of a recovery takes, from a stranded pod to one that is bound. */
final class Phases {

  /** The parts, in their order. Each begins where the one before ends. */
  enum Phase {
    /** From the pod's creation, to the second, until this process has judged it first. */
    SEEN,
    /** Until it was begun to refloat it: grace periods, holds, the wait for a turn, failures. */
    DECIDED,
    /** Until its claims were gone, if that was within the ten seconds that it is waited for. */
    CLAIM_GONE,
    /** Until the new pod had a node, and its claims their volumes. */
    BOUND;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Histogram seconds;

  Phases(PrometheusRegistry registry) {
    seconds =
        Histogram.builder()
            .name("refloat_recovery_phase_seconds")
            .help("How long each part of a recovery took, in seconds.")
            .labelNames("phase")
            .classicOnly()
            .classicUpperBounds(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
            .register(registry);
    for (Phase phase : Phase.values()) {
      seconds.initLabelValues(phase.label());
    }
  }

  /**
   * All that was to be given up is gone: not before that, or a recovery that fails would count at
   * each attempt.
   *
   * @param created when the pod was made
   * @param seen when this process has judged it first
   * @param begun when the attempt began that succeeded
   */
  void claimsGone(Instant created, Instant seen, Instant begun, Instant gone) {
    took(Phase.SEEN, created, seen);
    took(Phase.DECIDED, seen, begun);
    took(Phase.CLAIM_GONE, begun, gone);
  }

  /** The new pod is bound. */
  void bound(Instant gone, Instant bound) {
    took(Phase.BOUND, gone, bound);
  }

  /** The API server's clock may be ahead of ours. */
  private void took(Phase phase, Instant from, Instant until) {
    Duration duration = Duration.between(from, until);
    seconds
        .labelValues(phase.label())
        .observe(duration.isNegative() ? 0 : duration.toMillis() / 1000.0);
  }
}
