package dev.refloat.lab.controlplane;

import dev.refloat.lab.LabSettings;
import dev.refloat.lab.PrivateFiles;
import dev.refloat.lab.realnode.RealNodes;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/**
 * A cluster that somebody else runs. Nothing is started, so it must bring kwok for the nodes that
 * are annotated {@code kwok.x-k8s.io/node=fake}, and call webhooks on this machine's loopback, if a
 * test needs these.
 */
public final class ExistingCluster implements ControlPlane {

  private final Path kubeconfig;
  private final LabSettings settings;
  private final KubernetesClient client;
  private final Path folder;

  private ExistingCluster(
      Path kubeconfig, LabSettings settings, KubernetesClient client, Path folder) {
    this.kubeconfig = kubeconfig;
    this.settings = settings;
    this.client = client;
    this.folder = folder;
  }

  /** Returns the cluster of {@code kubeconfig}, after it has answered. */
  static ExistingCluster connect(Path kubeconfig, LabSettings settings) {
    if (!Files.isReadable(kubeconfig)) {
      throw new ControlPlaneFailed("the kubeconfig " + kubeconfig + " cannot be read");
    }
    KubernetesClient client = Clients.sendingOnce(kubeconfig);
    try {
      var _ = client.getKubernetesVersion();
      return new ExistingCluster(
          kubeconfig, settings, client, PrivateFiles.temporaryFolder("refloat-lab-existing"));
    } catch (KubernetesClientException e) {
      client.close();
      throw new ControlPlaneFailed(
          "the cluster of %s does not answer: %s".formatted(kubeconfig, e.getMessage()), e);
    }
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public Optional<RealNodes> realNodes() {
    return Optional.empty();
  }

  @Override
  public URI url() {
    return URI.create(client.getMasterUrl().toString());
  }

  @Override
  public Path adminKubeconfig() {
    return kubeconfig;
  }

  @Override
  public Path kubectl() {
    return settings
        .find("kubectl")
        .orElseThrow(() -> new ControlPlaneFailed("no kubectl on the PATH"));
  }

  @Override
  public Path kubeconfigFor(String namespace, String serviceAccount) {
    String token = ServiceAccountTokens.request(client, namespace, serviceAccount);
    return PrivateFiles.write(
        folder.resolve(namespace + "-" + serviceAccount + ".kubeconfig"),
        new Kubeconfigs(url(), caData()).withToken(token));
  }

  private String caData() {
    Config config = client.getConfiguration();
    if (config.getCaCertData() != null) {
      return config.getCaCertData();
    }
    if (config.getCaCertFile() == null) {
      return "";
    }
    try {
      return Base64.getEncoder()
          .encodeToString(
              Files.readString(Path.of(config.getCaCertFile())).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + config.getCaCertFile(), e);
    }
  }

  @Override
  public Optional<String> complaint() {
    return Optional.empty();
  }

  @Override
  public void adopt(ProcessHandle process) {
    // Nobody watches over this launcher.
  }

  @Override
  public Path logs() {
    return folder;
  }

  @Override
  public void close() {
    client.close();
    PrivateFiles.remove(folder);
  }
}
