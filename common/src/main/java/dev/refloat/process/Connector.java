package dev.refloat.process;

import dev.refloat.settings.SharedSettings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

/**
 * Makes a client of what is known about a cluster.
 *
 * @param account what this process has if it runs in a pod
 * @param excerpts of which classes only a part is read
 * @param observers see each request and its answer
 */
record Connector(
    ServiceAccount account,
    String userAgent,
    Map<Class<?>, Class<?>> excerpts,
    List<Interceptor> observers) {

  private static final int CONNECT_MILLIS = 5_000;

  /** Twice what the API server takes for a large page of a list on a bad day. */
  private static final int REQUEST_MILLIS = 10_000;

  ClusterConnection open(SharedSettings settings) {
    Configuration configuration =
        settings.kubeconfig().map(Kubeconfig::read).orElseGet(account::configuration);
    return switch (configuration) {
      case Configuration.Wrong(String words) -> new ClusterConnection.Failed(words);
      case Configuration.Complete(Config config, String origin) -> connect(config, origin);
    };
  }

  private ClusterConnection connect(Config config, String origin) {
    config.setUserAgent(userAgent);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setRequestTimeout(REQUEST_MILLIS);
    config.setRequestRetryBackoffLimit(0);
    try {
      Authorities.check(config);
      return new ClusterConnection.Opened(
          new KubernetesClientBuilder()
              .withConfig(config)
              .withHttpClientFactory(FastCiphersFirst.of(config))
              .withKubernetesSerialization(Answers.readBy(excerpts))
              .withHttpClientBuilderConsumer(
                  http ->
                      observers.forEach(
                          each -> http.addOrReplaceInterceptor(each.getClass().getName(), each)))
              .build());
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      // A key that is none is only found out when TLS is set up.
      return new ClusterConnection.Failed(
          "cannot use "
              + origin
              + " to connect to "
              + config.getMasterUrl()
              + ": "
              + Failures.reason(e)
              + "; check the certificates and keys in it");
    }
  }
}
