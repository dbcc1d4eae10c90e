package dev.refloat.controller.sweep;

import dev.refloat.controller.act.Marks;
import dev.refloat.controller.report.FindingReporter;
import dev.refloat.controller.survey.Heartbeats;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Finding;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks about once a minute, and has what it found told. */
public final class Sweep implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Sweep.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(60);

  private final LostNodes lostNodes;
  private final UnlabelledPods unlabelledPods;
  private final Optional<HeldRecoveries> heldRecoveries;
  private final FindingReporter reporter;
  private final Thread thread = Thread.ofVirtual().name("sweep").unstarted(this::keepLooking);

  /**
   * @param marks empty where nothing may be written
   * @param cooldown the loop guard's first
   */
  public Sweep(
      KubernetesClient client,
      InstantSource time,
      WatchedNamespaces watched,
      LocalStorage storage,
      Heartbeats heartbeats,
      Optional<Marks> marks,
      Duration cooldown,
      FindingReporter reporter) {
    this.lostNodes = new LostNodes(client, time, watched, heartbeats);
    this.unlabelledPods = new UnlabelledPods(client, time, watched, storage);
    this.heldRecoveries =
        marks.map(each -> new HeldRecoveries(client, time, watched, cooldown, each, reporter));
    this.reporter = reporter;
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void keepLooking() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        look(Finding.TerminatingOnLostNode.class, lostNodes::look);
        look(Finding.UnlabelledButStranded.class, unlabelledPods::look);
        heldRecoveries.ifPresent(Sweep::look);
        Thread.sleep(BETWEEN_LOOKS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void look(HeldRecoveries heldRecoveries) {
    try {
      heldRecoveries.look();
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("why", Failures.words(e))
          .log("Failed to look which recoveries have held, looking again in a minute");
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .log("Failed to look which recoveries have held, looking again in a minute");
    }
  }

  /** What cannot be read is unknown: neither new nor over. */
  private void look(Class<? extends Finding> kind, Supplier<List<Finding>> look) {
    try {
      reporter.found(kind, look.get());
    } catch (KubernetesClientException e) {
      log.atWarn()
          .addKeyValue("reason", kind.getSimpleName())
          .addKeyValue("why", Failures.words(e))
          .log("Failed to look for pods that nobody watches, looking again in a minute");
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("reason", kind.getSimpleName())
          .setCause(e)
          .log("Failed to look for pods that nobody watches, looking again in a minute");
    }
  }
}
