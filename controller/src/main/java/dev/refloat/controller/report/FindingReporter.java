package dev.refloat.controller.report;

import dev.refloat.recovery.Claim;
import dev.refloat.recovery.Finding;
import dev.refloat.words.FindingWords;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells findings: one line and one Event when there is a new one, one line when it is over, and how
 * many there are now.
 *
 * <p>A dry run writes no Events: nothing at all is written to the cluster.
 */
public final class FindingReporter {

  private static final Logger log = LoggerFactory.getLogger(FindingReporter.class);

  private final Events events;
  private final Gauge now;
  private final boolean dryRun;
  private final ToldFindings told = new ToldFindings();

  public FindingReporter(Events events, PrometheusRegistry registry, boolean dryRun) {
    this.events = events;
    this.dryRun = dryRun;
    this.now =
        Gauge.builder()
            .name("refloat_findings")
            .help("Pods outside of the watch that a person must look after now, by why.")
            .labelNames("reason")
            .register(registry);
    for (Class<?> kind : Finding.class.getPermittedSubclasses()) {
      now.initLabelValues(kind.getSimpleName());
    }
  }

  /** Takes all findings of one kind that there are now. */
  public void found(Class<? extends Finding> kind, List<Finding> findings) {
    now.labelValues(kind.getSimpleName()).set(findings.size());
    ToldFindings.Changes changes = told.now(kind, findings);
    changes
        .over()
        .forEach(finding -> about(Level.INFO, finding).log("A pod needs nobody's help any more"));
    changes.news().forEach(this::tell);
  }

  /** Tells that a claim has lost its mark, because the pod that was given it has run for long. */
  public void held(Claim claim, String pod) {
    log.atInfo()
        .addKeyValue("namespace", claim.id().namespace())
        .addKeyValue("pod", pod)
        .addKeyValue("pvc", claim.name())
        .addKeyValue("uid", claim.id().uid())
        .addKeyValue("by", events.instance())
        .log("Recovery has held, the loop guard counts anew");
  }

  private void tell(Finding finding) {
    String words = FindingWords.of(finding);
    about(Level.WARN, finding)
        .addKeyValue("why", words)
        .log("A pod that is not watched needs somebody's help");
    if (!dryRun) {
      events.tell(
          Events.pod(finding.pod().namespace(), finding.pod().name(), finding.pod().uid()),
          Events.Type.WARNING,
          finding.reason(),
          "Find",
          words);
    }
  }

  private LoggingEventBuilder about(Level level, Finding finding) {
    return log.atLevel(level)
        .addKeyValue("namespace", finding.pod().namespace())
        .addKeyValue("statefulset", finding.set())
        .addKeyValue("pod", finding.pod().name())
        .addKeyValue("uid", finding.pod().uid())
        .addKeyValue("reason", finding.reason())
        .addKeyValue("dryRun", dryRun);
  }
}
