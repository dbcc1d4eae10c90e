package dev.refloat.process;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the kubelet gives a pod to find the API server and to sign in there.
 *
 * @param host of the API server, from the environment
 * @param port of the API server, from the environment
 * @param folder of {@code token} and {@code ca.crt}
 */
record ServiceAccount(Optional<String> host, Optional<String> port, Path folder) {

  static ServiceAccount of(Map<String, String> environment) {
    return new ServiceAccount(
        Optional.ofNullable(environment.get("KUBERNETES_SERVICE_HOST")),
        Optional.ofNullable(environment.get("KUBERNETES_SERVICE_PORT")),
        Path.of("/var/run/secrets/kubernetes.io/serviceaccount"));
  }

  Configuration configuration() {
    Path token = folder.resolve("token");
    Path authority = folder.resolve("ca.crt");
    if (host.isEmpty() || port.isEmpty()) {
      return new Configuration.Wrong(
          "no cluster is known: KUBECONFIG is not set, and this is no pod (KUBERNETES_SERVICE_HOST"
              + " and KUBERNETES_SERVICE_PORT are not set); set KUBECONFIG to the path of a"
              + " kubeconfig");
    }
    if (!Files.isReadable(token) || !Files.isReadable(authority)) {
      return new Configuration.Wrong(
          "no cluster is known: KUBECONFIG is not set, and this pod has no service account ("
              + token
              + " or "
              + authority
              + " cannot be read); look for automountServiceAccountToken: false in the pod and its"
              + " ServiceAccount");
    }
    Config config = Config.empty();
    config.setMasterUrl("https://" + inUrl(host.get()) + ":" + port.get() + "/");
    config.setCaCertFile(authority.toString());
    config.setOauthTokenProvider(new TokenFile(token));
    return new Configuration.Complete(config, "the service account in " + folder);
  }

  private static String inUrl(String host) {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
