package dev.refloat.lab.bench;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.Progress;
import dev.refloat.lab.controlplane.Clients;
import dev.refloat.lab.controlplane.OwnControlPlane;
import dev.refloat.lab.controlplane.Tuning;
import dev.refloat.lab.install.Installation;
import dev.refloat.lab.process.LogLine;
import dev.refloat.lab.process.RefloatProcess;
import dev.refloat.lab.process.RefloatProgram;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * The control plane that everything is measured on, with Refloat's rights and the floor's account.
 * Closing it ends all of it.
 */
final class Ground implements AutoCloseable {

  private static final Duration LEADS_WITHIN = Duration.ofSeconds(40);

  /**
   * The limits of Kubernetes' own controllers are opened, because with them a thousand pods take
   * their time however fast Refloat is, and nothing of Refloat would be seen. Volumes are looked
   * through as rarely as usual, where the lab's tests of volumes made by hand want it every second:
   * one thread does that, and the new volumes of a storm wait behind it.
   */
  private static final Tuning TUNING =
      new Tuning(
          false,
          Set.of(),
          Optional.of(AuditLog.POLICY),
          List.of(
              "--kube-api-qps=5000",
              "--kube-api-burst=5000",
              "--concurrent-statefulset-syncs=20",
              "--pvclaimbinder-sync-period=15s"),
          List.of("--kube-api-qps=5000", "--kube-api-burst=5000"));

  private final OwnControlPlane controlPlane;
  private final Installation installation;
  private final KubernetesClient floor;
  private final AuditLog audit;
  private final Path logs;
  private final boolean profile;
  private final Progress progress;

  private Ground(
      OwnControlPlane controlPlane,
      Installation installation,
      KubernetesClient floor,
      Path logs,
      boolean profile,
      Progress progress) {
    this.controlPlane = controlPlane;
    this.installation = installation;
    this.floor = floor;
    this.audit = new AuditLog(controlPlane.auditLog());
    this.logs = logs;
    this.profile = profile;
    this.progress = progress;
  }

  /**
   * Starts a control plane.
   *
   * @param profile whether the controllers record themselves with the JDK's flight recorder
   */
  static Ground open(LabSettings settings, boolean profile, Progress progress) {
    Path logs = RefloatProgram.root().resolve("lab/target/bench-logs");
    try {
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + logs, e);
    }
    OwnControlPlane controlPlane = OwnControlPlane.start(settings, progress, TUNING);
    try {
      Installation installation = Installation.on(controlPlane, logs);
      Accounts.create(controlPlane.client());
      Path kubeconfig = controlPlane.kubeconfigFor(Installation.NAMESPACE, Accounts.FLOOR);
      KubernetesClient floor = Clients.sendingOnce(kubeconfig);
      return new Ground(controlPlane, installation, floor, logs, profile, progress);
    } catch (RuntimeException e) {
      controlPlane.close();
      throw e;
    }
  }

  OwnControlPlane controlPlane() {
    return controlPlane;
  }

  KubernetesClient client() {
    return controlPlane.client();
  }

  /** A client with the floor's account. */
  KubernetesClient floor() {
    return floor;
  }

  AuditLog audit() {
    return audit;
  }

  /** The folder of the controllers' logs and recordings. */
  Path logs() {
    return logs;
  }

  void say(String line) {
    progress.say(line);
  }

  /**
   * Starts a controller and returns it when it leads.
   *
   * @param name of its log file
   */
  RefloatProcess controller(String name, Map<String, String> settings) {
    Map<String, String> environment = new TreeMap<>(settings);
    // The nodes that are lost here are a third of the cluster and more.
    environment.put("REFLOAT_BRAKE", "100%");
    environment.putAll(profiled(name));
    RefloatProcess controller = installation.controller(name, environment);
    var _ = controller.awaitLine("leads", Ground::leads, LEADS_WITHIN);
    return controller;
  }

  /**
   * Starts a webhook and returns it when the API server asks it. It does not look for pods that it
   * was not asked about: there are some where it is compared with nobody.
   *
   * @param name of its log file
   */
  RefloatProcess webhook(String name) {
    return installation.withoutSweep().webhook(name, profiled(name));
  }

  /** From now on no webhook is asked. */
  void withoutWebhook() {
    installation.unregister();
  }

  /** No webhook is asked about pods of {@code namespace} while {@code something} happens. */
  void withoutWebhookIn(String namespace, Runnable something) {
    installation.whileUnregistered(namespace, something);
  }

  /** Returns a folder with the webhook's certificate, which goes with the control plane. */
  Path serving() {
    Path folder = PrivateFiles.folder(controlPlane.adminKubeconfig().resolveSibling("serving"));
    installation
        .serving()
        .forEach((name, content) -> PrivateFiles.write(folder.resolve(name), content));
    return folder;
  }

  /** Returns what trusts that certificate. */
  SSLContext trust() throws GeneralSecurityException {
    return installation.trust();
  }

  private Map<String, String> profiled(String name) {
    return profile
        ? Map.of(
            "JAVA_TOOL_OPTIONS",
            "-XX:StartFlightRecording:dumponexit=true,settings=profile,filename="
                + logs.resolve(name + ".jfr"))
        : Map.of();
  }

  private static boolean leads(LogLine line) {
    return line.message().equals("Leading");
  }

  /** Returns a kubeconfig of the controller's account that goes by {@code url}. */
  Path controllerKubeconfigBy(URI url) {
    Path direct = controlPlane.kubeconfigFor(Installation.NAMESPACE, Accounts.CONTROLLER);
    try {
      return PrivateFiles.write(
          direct.resolveSibling("relayed.kubeconfig"),
          Files.readString(direct).replace(controlPlane.url().toString(), url.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + direct, e);
    }
  }

  @Override
  public void close() {
    floor.close();
    controlPlane.close();
  }
}
