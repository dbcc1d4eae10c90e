package dev.refloat.controller.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PhasesTest {

  private static final Instant TEN = Instant.parse("2026-11-24T10:00:00Z");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Phases phases = new Phases(registry);

  @Test
  void each_part_is_measured_from_where_the_one_before_ended() {
    phases.claimsGone(TEN, TEN.plusSeconds(1), TEN.plusSeconds(16), TEN.plusMillis(16_250));
    phases.bound(TEN.plusMillis(16_250), TEN.plusSeconds(18));

    assertThat(sums())
        .isEqualTo(Map.of("seen", 1.0, "decided", 15.0, "claim_gone", 0.25, "bound", 1.75));
  }

  @Test
  void a_pod_that_is_younger_than_our_clock_was_seen_at_once() {
    phases.claimsGone(TEN.plusSeconds(2), TEN, TEN, TEN);

    assertThat(sums()).containsEntry("seen", 0.0);
  }

  @Test
  void all_parts_are_there_before_anything_is_recovered() {
    assertThat(sums()).containsOnlyKeys("seen", "decided", "claim_gone", "bound");
  }

  private Map<String, Double> sums() {
    return registry.scrape().stream()
        .filter(HistogramSnapshot.class::isInstance)
        .flatMap(each -> ((HistogramSnapshot) each).getDataPoints().stream())
        .collect(
            Collectors.toMap(
                each -> each.getLabels().get("phase"), HistogramDataPointSnapshot::getSum));
  }
}
