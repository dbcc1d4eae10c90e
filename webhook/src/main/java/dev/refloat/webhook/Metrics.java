package dev.refloat.webhook;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.Decision;
import dev.refloat.admission.Ruling;
import dev.refloat.webhook.sweep.LabelSweep;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;

/**
 * What becomes of admission requests. Values of labels are closed sets, so that their number is
 * bounded.
 */
final class Metrics {

  private static final double NANOS_PER_SECOND = 1e9;

  private final Counter requests;
  private final Histogram seconds;
  private final Gauge inFlight;
  private final Counter swept;
  private final Counter looks;
  private final Counter sweepFailures;

  Metrics(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name("refloat_admission_requests_total")
            .help("Admission requests by what became of them, and why.")
            .labelNames("operation", "outcome", "reason")
            .register(registry);
    // From 0, or the first of its kind would be no increase.
    for (String operation : List.of(Mutation.OPERATION, Validation.OPERATION)) {
      for (Undecided why : Undecided.values()) {
        requests.initLabelValues(operation, why.outcome, camel(why));
      }
    }
    seconds =
        Histogram.builder()
            .name("refloat_admission_seconds")
            .help("From the first byte of an admission request to its answer, in seconds.")
            .labelNames("operation")
            .classicOnly()
            .classicUpperBounds(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2)
            .register(registry);
    inFlight =
        Gauge.builder()
            .name("refloat_admission_in_flight")
            .help("Admission requests that are being answered.")
            .register(registry);
    swept =
        Counter.builder()
            .name("refloat_sweep_findings_total")
            .help("Labels of waiting pods that the sweep has put right, and why.")
            .labelNames("outcome", "reason")
            .register(registry);
    for (Class<?> storage : ClaimStorage.class.getPermittedSubclasses()) {
      swept.initLabelValues("labelled", storage.getSimpleName());
    }
    for (Class<?> why : Decision.Unearned.class.getPermittedSubclasses()) {
      swept.initLabelValues("unlabelled", why.getSimpleName());
    }
    looks =
        Counter.builder()
            .name("refloat_sweep_looks_total")
            .help("Looks for waiting pods whose label is not right, by whoever has the turn.")
            .register(registry);
    sweepFailures =
        Counter.builder()
            .name("refloat_sweep_failures_total")
            .help("Lists and pods that such a look could not read, decide about or write.")
            .register(registry);
  }

  /** What the sweep counts. */
  LabelSweep.Findings sweep() {
    return new LabelSweep.Findings() {
      @Override
      public void found(Decision decision) {
        swept.labelValues(outcome(decision), decision.reason()).inc();
      }

      @Override
      public void failed() {
        sweepFailures.inc();
      }
    };
  }

  /** The sweep looks once more. */
  void looks() {
    looks.inc();
  }

  /** What became of a request that no decision was made about. */
  enum Undecided {
    /** A review of something that we do not decide about. */
    NOT_OURS("left"),
    UNREADABLE("refused"),
    TOO_LARGE("refused"),
    INTERRUPTED("refused"),
    BUSY("refused"),
    /** A mistake of ours. */
    FAILED("left");

    private final String outcome;

    Undecided(String outcome) {
      this.outcome = outcome;
    }
  }

  void decided(String operation, Decision decision) {
    requests.labelValues(operation, outcome(decision), decision.reason()).inc();
  }

  void ruled(String operation, Ruling ruling) {
    requests.labelValues(operation, outcome(ruling), ruling.reason()).inc();
  }

  void undecided(String operation, Undecided why) {
    requests.labelValues(operation, why.outcome, camel(why)).inc();
  }

  void began() {
    inFlight.inc();
  }

  void ended(String operation, Duration took) {
    inFlight.dec();
    seconds.labelValues(operation).observe(took.toNanos() / NANOS_PER_SECOND);
  }

  private static String outcome(Decision decision) {
    return switch (decision) {
      case Decision.Label _ -> "labelled";
      case Decision.Unlabel _ -> "unlabelled";
      case Decision.Leave _ -> "left";
    };
  }

  private static String outcome(Ruling ruling) {
    return switch (ruling) {
      case Ruling.Admit(_, List<String> warnings) -> warnings.isEmpty() ? "admitted" : "warned";
      case Ruling.Refuse _ -> "denied";
    };
  }

  /** As the reasons of decisions are written. */
  private static String camel(Undecided why) {
    return switch (why) {
      case NOT_OURS -> "NotOurs";
      case UNREADABLE -> "Unreadable";
      case TOO_LARGE -> "TooLarge";
      case INTERRUPTED -> "Interrupted";
      case BUSY -> "Busy";
      case FAILED -> "Failed";
    };
  }
}
