package dev.refloat.lab.faults;

import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.NamedCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The real API server of a kubeconfig, and how to connect to it. */
final class ApiServer {

  private static final int DEFAULT_PORT = 443;

  private final Config kubeconfig;
  private final URI url;
  private final SSLContext tls;

  private ApiServer(Config kubeconfig, URI url, SSLContext tls) {
    this.kubeconfig = kubeconfig;
    this.url = url;
    this.tls = tls;
  }

  /** Returns the API server of a kubeconfig that holds its authority and one cluster. */
  static ApiServer of(Path file) throws IOException {
    Config kubeconfig;
    try (InputStream text = Files.newInputStream(file)) {
      kubeconfig = Serialization.unmarshal(text, Config.class);
    }
    List<NamedCluster> clusters = kubeconfig.getClusters();
    if (clusters.size() != 1) {
      throw new IllegalArgumentException(
          file + " has " + clusters.size() + " clusters; expected one");
    }
    var cluster = clusters.getFirst().getCluster();
    byte[] authority = Base64.getDecoder().decode(cluster.getCertificateAuthorityData());
    return new ApiServer(kubeconfig, URI.create(cluster.getServer()), trusting(authority));
  }

  private static SSLContext trusting(byte[] authority) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(authority)));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, trust.getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("cannot trust the authority of the kubeconfig", e);
    }
  }

  /** Returns a new connection. */
  Wire connect() throws IOException {
    int port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(url.getHost(), port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.setTcpNoDelay(true);
    return new Wire(socket);
  }

  /** Returns the kubeconfig as text, with another server in it; who signs in stays the same. */
  String kubeconfigFor(URI server, String authorityPem) {
    Config copy = Serialization.clone(kubeconfig);
    var cluster = copy.getClusters().getFirst().getCluster();
    cluster.setServer(server.toString());
    cluster.setCertificateAuthorityData(
        Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.US_ASCII)));
    return Serialization.asYaml(copy);
  }
}
