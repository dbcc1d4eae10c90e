package dev.refloat.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.certs.CertificateObserver.Kind;
import dev.refloat.certs.CertificateStep;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CertificateMetricsTest {

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final CertificateMetrics metrics = new CertificateMetrics(registry);

  @Test
  void say_at_once_that_there_is_no_certificate() throws IOException {
    assertThat(text())
        .contains(
            "refloat_certificate_not_after_seconds{certificate=\"serving\"} 0.0",
            "refloat_certificate_load_failures_total 0.0")
        .doesNotContain("authority");
  }

  @Test
  void say_when_certificates_end_and_what_was_done_to_them() throws IOException {
    metrics.ends(Kind.AUTHORITY, Instant.ofEpochSecond(2_000));
    metrics.ends(Kind.SERVING, Instant.ofEpochSecond(1_000));
    metrics.happened(Kind.AUTHORITY, CertificateStep.PROMOTED);
    metrics.happened(Kind.SERVING, CertificateStep.LOADED);
    metrics.happened(Kind.SERVING, CertificateStep.LOADED);
    metrics.loadFailed();

    assertThat(text())
        .contains(
            "refloat_certificate_not_after_seconds{certificate=\"authority\"} 2000.0",
            "refloat_certificate_not_after_seconds{certificate=\"serving\"} 1000.0",
            "refloat_certificate_rotations_total{certificate=\"authority\",step=\"promoted\"} 1.0",
            "refloat_certificate_rotations_total{certificate=\"serving\",step=\"loaded\"} 2.0",
            "refloat_certificate_load_failures_total 1.0");
  }

  private String text() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(text, registry.scrape());
    return text.toString(StandardCharsets.UTF_8);
  }
}
