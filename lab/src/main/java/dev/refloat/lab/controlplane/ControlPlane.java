package dev.refloat.lab.controlplane;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.Progress;
import dev.refloat.lab.binaries.BinariesBuild;
import dev.refloat.lab.realnode.RealNodes;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A Kubernetes control plane that answers, with fake nodes at hand. Safe for use by several
 * threads.
 */
public sealed interface ControlPlane extends AutoCloseable
    permits OwnControlPlane, ExistingCluster {

  /**
   * Returns a control plane that is ready: the existing cluster if {@code settings} name one, else
   * a new one on free loopback ports, after its programs were built where they are missing and
   * after what a killed launcher left behind was ended.
   *
   * @throws dev.refloat.lab.binaries.BinariesUnavailable if there are no programs and they cannot
   *     be built
   * @throws ControlPlaneFailed if a component ends or does not get ready
   */
  static ControlPlane start(LabSettings settings, Progress progress) {
    if (settings.existingCluster().isPresent()) {
      return ExistingCluster.connect(settings.existingCluster().get(), settings);
    }
    return OwnControlPlane.start(
        BinariesBuild.binaries(settings, progress), settings, KeepLogs.IF_IT_FAILED, progress);
  }

  /** When the logs of the components outlive the control plane. */
  enum KeepLogs {
    IF_IT_FAILED,
    ALWAYS
  }

  /** Returns a client with all rights. It is closed with the control plane. */
  KubernetesClient client();

  /** Returns its real nodes; empty if it can have none. */
  Optional<RealNodes> realNodes();

  /** Returns where the API server listens. */
  URI url();

  /** Returns a kubeconfig file with all rights. */
  Path adminKubeconfig();

  /** Returns the {@code kubectl} that fits the control plane. */
  Path kubectl();

  /**
   * Returns a kubeconfig file that holds a token of an existing service account, as the
   * TokenRequest API hands it out, and the cluster's CA; good for a day.
   */
  Path kubeconfigFor(String namespace, String serviceAccount);

  /**
   * Returns the folder with the log of each component; empty for a cluster that somebody else runs.
   */
  Path logs();

  /**
   * Returns what there is to say if a component has ended that should be running; empty if all are
   * well, or if somebody else runs them. Whoever waits for something in the cluster asks here
   * whether it can still come.
   */
  Optional<String> complaint();

  /**
   * Lets {@code process} end with this launcher even if that is killed. Does nothing on a cluster
   * that somebody else runs.
   */
  void adopt(ProcessHandle process);

  /** Stops exactly what was started, in order, and removes its data. Closing twice is fine. */
  @Override
  void close();
}
