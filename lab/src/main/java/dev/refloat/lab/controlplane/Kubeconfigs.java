package dev.refloat.lab.controlplane;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes kubeconfig files that need no other file. */
record Kubeconfigs(URI server, String caData) {

  /**
   * Returns a writer for the cluster at {@code server}, whose certificate authority is {@code
   * caPem}.
   */
  static Kubeconfigs trusting(URI server, String caPem) {
    return new Kubeconfigs(server, base64(caPem));
  }

  /** Returns the kubeconfig of a client that shows a certificate. */
  String withCertificate(Pki.Pair pair) {
    return text(
        new AuthInfoBuilder()
            .withClientCertificateData(base64(pair.certificate()))
            .withClientKeyData(base64(pair.key()))
            .build());
  }

  /** Returns the kubeconfig of a client that shows a token. */
  String withToken(String token) {
    return text(new AuthInfoBuilder().withToken(token).build());
  }

  private String text(AuthInfo user) {
    return Serialization.asYaml(
        new ConfigBuilder()
            .withApiVersion("v1")
            .withKind("Config")
            .addNewCluster()
            .withName("refloat-lab")
            .withNewCluster()
            .withServer(server.toString())
            .withCertificateAuthorityData(caData)
            .endCluster()
            .endCluster()
            .addNewUser()
            .withName("refloat-lab")
            .withUser(user)
            .endUser()
            .addNewContext()
            .withName("refloat-lab")
            .withNewContext()
            .withCluster("refloat-lab")
            .withUser("refloat-lab")
            .endContext()
            .endContext()
            .withCurrentContext("refloat-lab")
            .build());
  }

  private static String base64(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }
}
