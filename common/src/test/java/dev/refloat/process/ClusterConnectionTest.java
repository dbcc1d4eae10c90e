package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.refloat.settings.ControllerSettings;
import dev.refloat.settings.Parsed;
import dev.refloat.settings.Settings;
import dev.refloat.settings.SharedSettings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClusterConnectionTest {

  private static final ServiceAccount NO_POD = ServiceAccount.of(Map.of());

  @TempDir private Path folder;

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<String> ciphers = new CopyOnWriteArrayList<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private Optional<HttpServer> server = Optional.empty();

  @AfterEach
  void stop() {
    server.ifPresent(started -> started.stop(0));
  }

  @Test
  void signs_in_with_the_token_of_the_kubeconfig_and_says_who_it_is() throws Exception {
    HttpsServer api = serveWithTls();
    String authority =
        Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve("ca.crt")));
    Path kubeconfig =
        write(
            kubeconfig(
                "https://127.0.0.1:" + api.getAddress().getPort(),
                "certificate-authority-data: " + authority,
                "token: secret-1"));

    try (KubernetesClient client = opened(open(kubeconfig))) {
      assertThat(client.pods().inNamespace("shop").list().getItems()).isEmpty();
    }
    assertThat(seen)
        .containsExactly("GET /api/v1/namespaces/shop/pods Bearer secret-1 refloat-test/1");
  }

  @Test
  void speaks_the_cipher_that_is_fast_without_the_large_compiler() throws Exception {
    HttpsServer api = serveWithTls();
    Path kubeconfig =
        write(
            kubeconfig(
                "https://127.0.0.1:" + api.getAddress().getPort(),
                "certificate-authority: " + folder.resolve("ca.crt"),
                "token: secret-1"));

    try (KubernetesClient client = opened(open(kubeconfig))) {
      var _ = client.pods().inNamespace("shop").list();
    }

    assertThat(ciphers).containsExactly("TLS_CHACHA20_POLY1305_SHA256");
  }

  @Test
  void takes_the_token_that_the_kubeconfig_has_by_now_when_the_old_one_is_refused()
      throws Exception {
    HttpServer api = serve();
    String url = "http://127.0.0.1:" + api.getAddress().getPort();
    Path kubeconfig = write(kubeconfig(url, "", "token: secret-1"));

    try (KubernetesClient client = opened(open(kubeconfig))) {
      write(kubeconfig(url, "", "token: secret-2"));
      status.set(401);
      assertThatThrownBy(() -> client.pods().inNamespace("shop").list())
          .isInstanceOf(KubernetesClientException.class);
    }
    assertThat(seen)
        .extracting(line -> line.replaceFirst(".*Bearer (\\S+) .*", "$1"))
        .containsExactly("secret-1", "secret-2");
  }

  @Test
  void a_pod_signs_in_with_the_token_that_its_file_holds_by_now() throws Exception {
    HttpsServer api = serveWithTls();
    Path token = folder.resolve("token");
    Files.writeString(token, "secret-1\n");
    ServiceAccount account =
        new ServiceAccount(
            Optional.of("127.0.0.1"),
            Optional.of(String.valueOf(api.getAddress().getPort())),
            folder);

    try (KubernetesClient client =
        opened(
            new Connector(account, "refloat-test/1", Map.of(), List.of())
                .open(settings(Map.of())))) {
      var _ = client.pods().inNamespace("shop").list();
      Files.writeString(token, "secret-2\n");
      var _ = client.pods().inNamespace("shop").list();
      Files.delete(token);
      var _ = client.pods().inNamespace("shop").list();
    }
    assertThat(seen)
        .extracting(line -> line.replaceFirst(".*Bearer (\\S+) .*", "$1"))
        .containsExactly("secret-1", "secret-2", "secret-2");
  }

  @Test
  void no_request_is_repeated_whatever_the_answer() throws Exception {
    HttpServer api = serve();
    String url = "http://127.0.0.1:" + api.getAddress().getPort();

    try (KubernetesClient client = opened(open(write(kubeconfig(url, "", "token: secret-1"))))) {
      for (int answer : List.of(429, 500, 503, 504)) {
        status.set(answer);
        seen.clear();
        assertThatThrownBy(
                () -> client.persistentVolumeClaims().inNamespace("shop").withName("data").delete())
            .isInstanceOf(KubernetesClientException.class);
        assertThat(seen).as("requests answered with %s", answer).hasSize(1);
      }
    }
  }

  @Test
  void a_kubeconfig_that_does_not_exist_is_told_in_words() {
    assertThat(words(open(folder.resolve("nowhere"))))
        .isEqualTo(
            "the kubeconfig "
                + folder.resolve("nowhere")
                + " does not exist; set KUBECONFIG to the path of a file that does, or unset it in a"
                + " pod to use its service account");
  }

  @Test
  void a_list_of_kubeconfigs_is_told_to_be_one() {
    assertThat(words(open(Path.of("/one:/two")))).contains("one file and not a list");
  }

  @Test
  void a_folder_is_no_kubeconfig() {
    assertThat(words(open(folder)))
        .endsWith("is not a file that this user may read; check its owner and mode");
  }

  @Test
  void garbage_is_told_in_words() throws Exception {
    assertThat(words(open(write("]["))))
        .startsWith("the kubeconfig " + folder.resolve("config") + " is none that can be read: ")
        .contains("kubectl config view");
    assertThat(words(open(write("")))).contains("is none that can be read");
    assertThat(words(open(write("just words")))).contains("is none that can be read");
  }

  @Test
  void what_is_missing_in_a_kubeconfig_is_named() throws Exception {
    String whole = kubeconfig("http://127.0.0.1:1", "", "token: secret-1");

    assertThat(words(open(write(whole.replace("current-context: here", "")))))
        .contains("has no current context");
    assertThat(words(open(write(whole.replace("current-context: here", "current-context: there")))))
        .contains("has no current context that it also defines");
    assertThat(words(open(write(whole.replace("cluster: lab", "cluster: elsewhere")))))
        .endsWith("does not define the cluster of its current context: elsewhere");
    assertThat(words(open(write(whole.replace("user: me", "user: you")))))
        .endsWith("does not define the user of its current context: you");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no certificate", "-----BEGIN CERTIFICATE-----\nabcd\n", "\n"})
  void a_certificate_that_is_none_is_found_before_the_first_request(String text) throws Exception {
    String authority = Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    String file =
        kubeconfig(
            "https://127.0.0.1:1", "certificate-authority-data: " + authority, "token: secret-1");

    assertThat(words(open(write(file))))
        .startsWith("cannot use the kubeconfig " + folder.resolve("config") + " to connect to ")
        .contains("https://127.0.0.1:1")
        .endsWith("; check the certificates and keys in it")
        .doesNotContain("secret-1");
  }

  @Test
  void without_kubeconfig_and_pod_no_cluster_is_guessed() {
    assertThat(
            words(
                new Connector(NO_POD, "refloat-test/1", Map.of(), List.of())
                    .open(settings(Map.of()))))
        .isEqualTo(
            "no cluster is known: KUBECONFIG is not set, and this is no pod"
                + " (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set); set"
                + " KUBECONFIG to the path of a kubeconfig");
  }

  @Test
  void a_pod_without_a_token_is_told_where_to_look() {
    ServiceAccount account =
        new ServiceAccount(Optional.of("10.0.0.1"), Optional.of("443"), folder);

    assertThat(
            words(
                new Connector(account, "refloat-test/1", Map.of(), List.of())
                    .open(settings(Map.of()))))
        .contains("this pod has no service account")
        .contains("automountServiceAccountToken: false");
  }

  private ClusterConnection open(Path kubeconfig) {
    return new Connector(NO_POD, "refloat-test/1", Map.of(), List.of())
        .open(settings(Map.of("KUBECONFIG", kubeconfig.toString())));
  }

  private static SharedSettings settings(Map<String, String> environment) {
    return switch (Settings.controller(environment)) {
      case Parsed.Good<ControllerSettings>(ControllerSettings settings) -> settings.shared();
      case Parsed.Bad<ControllerSettings> bad -> throw new AssertionError(bad);
    };
  }

  private static KubernetesClient opened(ClusterConnection connection) {
    return switch (connection) {
      case ClusterConnection.Opened(KubernetesClient client) -> client;
      case ClusterConnection.Failed(String words) -> throw new AssertionError(words);
    };
  }

  private static String words(ClusterConnection connection) {
    return switch (connection) {
      case ClusterConnection.Opened opened -> throw new AssertionError(opened);
      case ClusterConnection.Failed(String words) -> words;
    };
  }

  private Path write(String kubeconfig) throws IOException {
    return Files.writeString(folder.resolve("config"), kubeconfig);
  }

  private static String kubeconfig(String url, String authority, String user) {
    return """
    apiVersion: v1
    kind: Config
    current-context: here
    contexts:
    - name: here
      context: {cluster: lab, user: me}
    clusters:
    - name: lab
      cluster:
        server: %s
        %s
    users:
    - name: me
      user:
        %s
    """
        .formatted(url, authority, user);
  }

  private HttpServer serve() throws IOException {
    return answering(HttpServer.create(anyPort(), 0));
  }

  /** Signs with a certificate made by the JDK's keytool, which is left in {@code ca.crt}. */
  private HttpsServer serveWithTls() throws Exception {
    String store = folder.resolve("keys.p12").toString();
    keytool(
        "-genkeypair",
        "-keystore",
        store,
        "-keyalg",
        "EC",
        "-dname",
        "CN=a test",
        "-ext",
        "san=ip:127.0.0.1");
    keytool(
        "-exportcert", "-keystore", store, "-rfc", "-file", folder.resolve("ca.crt").toString());

    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream bytes = Files.newInputStream(Path.of(store))) {
      keys.load(bytes, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    HttpsServer https = HttpsServer.create(anyPort(), 0);
    https.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            // The client's order decides, as it does where the server is written in Go.
            SSLParameters ours = tls.getDefaultSSLParameters();
            ours.setUseCipherSuitesOrder(false);
            parameters.setSSLParameters(ours);
          }
        });
    answering(https);
    return https;
  }

  private HttpServer answering(HttpServer api) {
    api.createContext(
        "/",
        exchange -> {
          try (exchange) {
            if (exchange instanceof HttpsExchange https) {
              ciphers.add(https.getSSLSession().getCipherSuite());
            }
            seen.add(
                "%s %s %s %s"
                    .formatted(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        exchange.getRequestHeaders().getFirst("User-Agent")));
            byte[] body =
                "{\"apiVersion\": \"v1\", \"kind\": \"PodList\", \"items\": []}".getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
          }
        });
    api.start();
    server = Optional.of(api);
    return api;
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(
        Path.of(requireNonNull(System.getProperty("java.home")), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-alias", "api", "-storepass", "changeit"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
