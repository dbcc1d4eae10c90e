package dev.refloat.controller.report;

import dev.refloat.controller.act.Outcome;
import dev.refloat.recovery.Verdict;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The controller's counters. Labels are closed sets, the simple names of verdicts and outcomes, so
 * that their number is bounded.
 */
public final class Metrics {

  private final PrometheusRegistry registry;
  private final Counter verdicts;
  private final Counter recoveries;
  private final Histogram seconds;
  private final Counter surveyFailures;
  private final Counter eventFailures;
  private final Counter claimsDoomed;
  private final Phases phases;

  /**
   * @param stranded how many pods wait without a node now
   */
  public Metrics(PrometheusRegistry registry, DoubleSupplier stranded) {
    this.registry = registry;
    claimsDoomed =
        Counter.builder()
            .name("refloat_claims_found_doomed_total")
            .help("Claims found being deleted under a running pod: each is data about to be lost.")
            .register(registry);
    verdicts =
        Counter.builder()
            .name("refloat_verdicts_total")
            .help("Verdicts about stranded pods, counted when a pod's verdict changes.")
            .labelNames("verdict", "reason")
            .register(registry);
    recoveries =
        Counter.builder()
            .name("refloat_recoveries_total")
            .help("Recoveries by how they ended.")
            .labelNames("outcome")
            .register(registry);
    // From 0, or the first of its kind would be no increase.
    for (Class<?> outcome : Outcome.class.getPermittedSubclasses()) {
      recoveries.initLabelValues(outcome.getSimpleName());
    }
    seconds =
        Histogram.builder()
            .name("refloat_recovery_seconds")
            .help("From the first write until the new pod was bound, in seconds.")
            .classicOnly()
            .classicUpperBounds(0.5, 1, 2, 5, 10, 30, 60, 120)
            .register(registry);
    surveyFailures =
        Counter.builder()
            .name("refloat_survey_failures_total")
            .help("Surveys that could not read everything, so that nothing was decided.")
            .register(registry);
    eventFailures =
        Counter.builder()
            .name("refloat_event_failures_total")
            .help("Kubernetes Events that could not be written.")
            .register(registry);
    phases = new Phases(registry);
    gauge("refloat_stranded_pods", "Labelled pods that are Pending without a node.", stranded);
  }

  /** Adds a gauge. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** Adds a gauge of a moment, as Unix time; it is left out while there is none. */
  public void moment(String name, String help, Supplier<Optional<Instant>> moment) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(
            callback ->
                moment.get().ifPresent(each -> callback.call((double) each.getEpochSecond())))
        .register(registry);
  }

  /** Adds how many pods each verdict is about now. */
  void verdictsNow(Supplier<Map<ToldVerdicts.Label, Integer>> counts) {
    GaugeWithCallback.builder()
        .name("refloat_pods")
        .help("Labelled pods without a node now, by what was last decided about them.")
        .labelNames("verdict", "reason")
        .callback(
            callback ->
                counts
                    .get()
                    .forEach((label, pods) -> callback.call(pods, label.kind(), label.reason())))
        .register(registry);
  }

  Phases phases() {
    return phases;
  }

  void claimDoomed() {
    claimsDoomed.inc();
  }

  void verdict(Verdict verdict) {
    verdicts.labelValues(kind(verdict), verdict.reason()).inc();
  }

  void recovery(String outcome) {
    recoveries.labelValues(outcome).inc();
  }

  void took(Duration duration) {
    seconds.observe(duration.toMillis() / 1000.0);
  }

  void surveyFailed() {
    surveyFailures.inc();
  }

  void eventFailed() {
    eventFailures.inc();
  }

  static String kind(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Leave _ -> "leave";
      case Verdict.Hold _ -> "hold";
      case Verdict.Recover _ -> "recover";
    };
  }
}
