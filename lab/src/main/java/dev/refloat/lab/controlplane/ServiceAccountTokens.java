package dev.refloat.lab.controlplane;

import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** Asks the API server for tokens of service accounts, as the kubelet would. */
final class ServiceAccountTokens {

  private static final Duration LIFETIME = Duration.ofDays(1);

  private ServiceAccountTokens() {}

  static String request(KubernetesClient client, String namespace, String serviceAccount) {
    TokenRequest answer =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(serviceAccount)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(LIFETIME.toSeconds())
                    .endSpec()
                    .build());
    return answer.getStatus().getToken();
  }
}
