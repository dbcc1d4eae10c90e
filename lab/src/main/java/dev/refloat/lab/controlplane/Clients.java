package dev.refloat.lab.controlplane;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;

/** Makes clients of the cluster in a kubeconfig file. The caller closes them. */
public final class Clients {

  private Clients() {}

  /** Returns a client that sends each request once, so that its caller hears what came of it. */
  public static KubernetesClient sendingOnce(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    return of(config);
  }

  /**
   * Returns a client that acts in the name of {@code user}, with all rights.
   *
   * @param kubeconfig of somebody who may impersonate
   */
  public static KubernetesClient inTheNameOf(Path kubeconfig, String user) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setImpersonateUsername(user);
    config.setImpersonateGroups("system:masters");
    return of(config);
  }

  /**
   * Returns a client that repeats, as fabric8 does by default, what was not answered: for who makes
   * things in a cluster whose API server may be starting.
   */
  static KubernetesClient repeating(Path kubeconfig) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setHttpProxy(null); // nobody out there knows this machine's own addresses
    config.setHttpsProxy(null);
    return of(config);
  }

  private static KubernetesClient of(Config config) {
    return new KubernetesClientBuilder().withConfig(config).build();
  }
}
