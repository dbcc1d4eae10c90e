package dev.refloat.webhook;

import dev.refloat.certs.CertificateObserver;
import dev.refloat.certs.CertificateStep;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;

/** What becomes of the certificates. Values of labels are closed sets. */
final class CertificateMetrics implements CertificateObserver {

  private final Gauge notAfter;
  private final Counter rotations;
  private final Counter loadFailures;

  CertificateMetrics(PrometheusRegistry registry) {
    notAfter =
        Gauge.builder()
            .name("refloat_certificate_not_after_seconds")
            .help("When a certificate ends, in seconds since 1970; 0 = there is none.")
            .labelNames("certificate")
            .register(registry);
    rotations =
        Counter.builder()
            .name("refloat_certificate_rotations_total")
            .help("What this process did to certificates, step by step.")
            .labelNames("certificate", "step")
            .register(registry);
    loadFailures =
        Counter.builder()
            .name("refloat_certificate_load_failures_total")
            .help("Attempts to load a certificate that failed; the one before is served on.")
            .register(registry);
    notAfter.labelValues(label(Kind.SERVING)).set(0);
  }

  @Override
  public void happened(Kind certificate, CertificateStep step) {
    rotations.labelValues(label(certificate), step.toString()).inc();
  }

  @Override
  public void ends(Kind certificate, Instant when) {
    notAfter.labelValues(label(certificate)).set((double) when.getEpochSecond());
  }

  @Override
  public void loadFailed() {
    loadFailures.inc();
  }

  private static String label(Kind certificate) {
    return switch (certificate) {
      case AUTHORITY -> "authority";
      case SERVING -> "serving";
    };
  }
}
