package dev.refloat.webhook;

import dev.refloat.admission.LabelAdmission;
import dev.refloat.admission.PodAdmission;
import dev.refloat.admission.SetAdmission;
import dev.refloat.certs.CertificateFiles;
import dev.refloat.certs.CertificateLoop;
import dev.refloat.certs.CertificateObserver;
import dev.refloat.certs.Certificates;
import dev.refloat.certs.Issuer;
import dev.refloat.certs.KubernetesObjects;
import dev.refloat.certs.ManagedCertificates;
import dev.refloat.certs.Serving;
import dev.refloat.certs.Wanted;
import dev.refloat.process.ProbeServer;
import dev.refloat.process.Readiness;
import dev.refloat.process.StartFailedException;
import dev.refloat.settings.CertificateSource;
import dev.refloat.settings.HostAndPort;
import dev.refloat.settings.SharedSettings;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.settings.WebhookSettings;
import dev.refloat.storage.LocalStorage;
import dev.refloat.webhook.storage.KubernetesStorage;
import dev.refloat.webhook.storage.StorageLookup;
import dev.refloat.webhook.sweep.KubernetesWaitingPods;
import dev.refloat.webhook.sweep.LabelSweep;
import dev.refloat.webhook.sweep.LeaseTurn;
import dev.refloat.webhook.sweep.SweepLoop;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The webhook, put together. */
final class Webhook implements AutoCloseable {

  /**
   * With a wait of at most a quarter of a second for a turn, this leaves the API server's 2 s alone
   * even on a bad day.
   */
  private static final Duration LOOKUP_DEADLINE = Duration.ofMillis(800);

  /** As the registration has it, together with our own namespace. */
  private static final String NEVER_ASKED_ABOUT = "kube-system";

  private static final Logger log = LoggerFactory.getLogger(Webhook.class);

  private final AdmissionServer server;
  private final CertificateLoop certificates;
  private final ProbeServer probes;
  private final Duration drainDelay;

  /** What ends when no request is left, the last that was made first. */
  private final Deque<AutoCloseable> parts;

  private volatile boolean draining = false;

  private Webhook(
      AdmissionServer server,
      CertificateLoop certificates,
      Duration drainDelay,
      PrometheusRegistry registry,
      HostAndPort http,
      Deque<AutoCloseable> parts)
      throws StartFailedException {
    this.server = server;
    this.certificates = certificates;
    this.drainDelay = drainDelay;
    this.parts = parts;
    this.probes = ProbeServer.start(http, this::readiness, registry);
  }

  /**
   * Starts a webhook. Admission is served as soon as there is a certificate, which may take as long
   * as the API server is away.
   *
   * @param client closed together with the webhook, also if it does not start
   * @param registry of the metrics that are served
   * @param instance what this process is called, unlike all others
   * @throws StartFailedException if one of its ports is taken
   */
  static Webhook wire(
      WebhookSettings settings,
      KubernetesClient client,
      PrometheusRegistry registry,
      InstantSource time,
      String instance)
      throws StartFailedException {
    Deque<AutoCloseable> parts = new ArrayDeque<>();
    parts.push(client);
    try {
      WatchedNamespaces watched = settings.shared().watchedNamespaces();
      LocalStorage local = new LocalStorage(settings.localProvisioners(), settings.topologyKeys());
      PodAdmission admission = new PodAdmission(watched, local);
      StorageLookup storage = lookup(client, admission, AdmissionServer.MOST_REQUESTS, time);
      parts.push(storage);
      // One of its own: admission must not wait for the sweep.
      StorageLookup forSweep = lookup(client, admission, 1, time);
      parts.push(forSweep);
      Metrics metrics = new Metrics(registry);
      // Before the server, so that it ends after it: giving the turn back may take a while.
      SweepLoop sweep = sweep(settings, client, time, instance, admission, forSweep, metrics);
      parts.push(sweep);
      Mutation mutation = new Mutation(admission, storage::look, metrics);
      Validation validation =
          new Validation(
              new SetAdmission(watched, local),
              new LabelAdmission(watched, settings.shared().podNamespace()),
              storage::classes,
              metrics);
      AdmissionServer server =
          AdmissionServer.bind(
              settings.address(),
              List.of(
                  new Endpoint(Mutation.OPERATION, mutation, metrics),
                  new Endpoint(Validation.OPERATION, validation, metrics)),
              metrics);
      parts.push(server);
      CertificateLoop certificates =
          new CertificateLoop(
              certificates(settings, client, server, new CertificateMetrics(registry), time),
              settings.certificateLifetime(),
              time);
      parts.push(certificates);
      Webhook webhook =
          new Webhook(
              server,
              certificates,
              settings.drainDelay(),
              registry,
              settings.shared().http(),
              parts);
      if (settings.shared().dryRun()) {
        log.atInfo().log(
            "DRY_RUN: pods are labelled at admission, or the controller would see none; what the"
                + " sweep finds is told and not written");
      }
      certificates.start();
      sweep.start();
      return webhook;
    } catch (StartFailedException e) {
      close(parts);
      throw e;
    }
  }

  private static StorageLookup lookup(
      KubernetesClient client, PodAdmission admission, int most, InstantSource time) {
    return new StorageLookup(
        new KubernetesStorage(client), admission::earnsLabel, LOOKUP_DEADLINE, most, time);
  }

  private static SweepLoop sweep(
      WebhookSettings settings,
      KubernetesClient client,
      InstantSource time,
      String instance,
      PodAdmission admission,
      StorageLookup storage,
      Metrics metrics) {
    SharedSettings shared = settings.shared();
    return new SweepLoop(
        new LeaseTurn(client, shared.podNamespace(), instance, time, System::nanoTime),
        new LabelSweep(
            new KubernetesWaitingPods(client),
            admission,
            storage::look,
            shared.watchedNamespaces(),
            Set.of(NEVER_ASKED_ABOUT, shared.podNamespace()),
            shared.dryRun(),
            instance,
            metrics.sweep(),
            System::nanoTime),
        metrics::looks);
  }

  private static Certificates certificates(
      WebhookSettings settings,
      KubernetesClient client,
      Serving server,
      CertificateObserver observer,
      InstantSource time) {
    return switch (settings.certificates()) {
      case CertificateSource.Files(String folder) ->
          new CertificateFiles(Path.of(folder), server, observer, time);
      case CertificateSource.Managed() ->
          new ManagedCertificates(
              new KubernetesObjects(
                  client, settings.shared().podNamespace(), settings.webhookConfiguration()),
              server,
              observer,
              new Issuer(new SecureRandom()),
              Wanted.of(settings.hosts(), settings.caLifetime(), settings.certificateLifetime()),
              time);
    };
  }

  /** Where admission is, or will be, served. */
  HostAndPort address() {
    return server.address();
  }

  /** Where probes and metrics are served. */
  HostAndPort probes() {
    return probes.address();
  }

  private Readiness readiness() {
    List<String> missing = new ArrayList<>(certificates.missing());
    if (!server.isServing()) {
      missing.add("admission is not served yet");
    }
    if (draining) {
      missing.add("the process is about to end");
    }
    return Readiness.of(missing);
  }

  /**
   * Ends without failing a request: first nobody is sent here any more, and only when everybody has
   * heard of it nobody is let in.
   */
  @Override
  public void close() {
    draining = true;
    if (server.isServing()) {
      log.atInfo().addKeyValue("delay", drainDelay).log("Draining");
      server.drain();
      try {
        Thread.sleep(drainDelay);
      } catch (InterruptedException e) {
        // Whoever interrupts a drain wants it to end now.
        Thread.currentThread().interrupt();
      }
    }
    close(parts);
    probes.close();
  }

  private static void close(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("Failed to close a part of the webhook");
      }
    }
  }
}
