package dev.refloat.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.admission.ClaimStorage;
import dev.refloat.admission.ClassStorage;
import dev.refloat.admission.LabelAdmission;
import dev.refloat.admission.PodAdmission;
import dev.refloat.admission.SetAdmission;
import dev.refloat.certs.Credential;
import dev.refloat.certs.Host;
import dev.refloat.certs.Issuer;
import dev.refloat.certs.Serving;
import dev.refloat.process.StartFailedException;
import dev.refloat.settings.HostAndPort;
import dev.refloat.settings.WatchedNamespaces;
import dev.refloat.storage.LocalStorage;
import dev.refloat.webhook.review.Reviews;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real TLS on loopback, asked by IP address as the API server may do. */
@Timeout(30)
class AdmissionServerTest {

  private static final HostAndPort ANY_PORT = new HostAndPort("127.0.0.1", 0);
  private static final ClaimStorage LOCAL =
      new ClaimStorage.OfClass("data-db-0", "local", "rancher.io/local-path");

  private final Issuer issuer = new Issuer(new SecureRandom());
  private final Credential authority = issuer.authority(Instant.now(), Duration.ofDays(1));
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private volatile PodAdmission.Storage storage = (_, _) -> List.of(LOCAL);
  private volatile Function<String, ClassStorage> classes =
      name -> new ClassStorage.Found(name, "ebs.csi.aws.com", false);

  private final AdmissionServer server;
  private final HttpClient client;

  AdmissionServerTest() throws Exception {
    server = bind(ANY_PORT, registry);
    client = HttpClient.newBuilder().sslContext(trusting(authority)).build();
  }

  @BeforeEach
  void start() {
    assertThat(server.serve(leaf())).isEqualTo(new Serving.Load.Loaded());
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdownNow();
    server.close();
  }

  @Test
  void labels_a_pod() throws Exception {
    HttpResponse<String> answer = post(Reviews.POD_CREATED);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(answer.body())
        .contains("\"uid\":\"705ab4f5-6393-11e8-b7cc-42010a800002\"")
        .contains("\"patchType\":\"JSONPatch\"");
    assertThat(counted("labelled", "OfClass")).isEqualTo(1);
  }

  @Test
  void a_review_of_something_else_is_admitted() throws Exception {
    HttpResponse<String> answer =
        post(Reviews.POD_CREATED.replace("\"operation\": \"CREATE\"", "\"operation\": \"DELETE\""));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"allowed\":true").doesNotContain("patch");
  }

  @Test
  void refuses_an_opt_in_that_makes_no_sense() throws Exception {
    HttpResponse<String> answer = validate(Reviews.SET_CHANGED);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"allowed\":false", "\"uid\":\"9\"", "metadata.labels[refloat.dev/x]: Forbidden")
        .doesNotContain("patch");
    assertThat(counted("denied", "MalformedOptIn")).isEqualTo(1);
  }

  @Test
  void warns_of_an_opt_in_without_effect() throws Exception {
    HttpResponse<String> answer =
        validate(
            Reviews.SET_CHANGED
                .replace(", \"refloat.dev/x\": \"y\"", "")
                .replace("\"refloat.dev/attempt\": \"1\",", ""));

    assertThat(answer.body())
        .contains("\"allowed\":true", "\"warnings\":", "claim shared is not from");
    assertThat(counted("warned", "OptedIn")).isEqualTo(1);
  }

  @Test
  void refuses_our_label_by_hand_and_admits_it_by_ourselves() throws Exception {
    assertThat(validate(Reviews.POD_CHANGED).body()).contains("\"allowed\":false", "\"code\":403");
    assertThat(
            validate(
                    Reviews.POD_CHANGED.replace(
                        "jane", "system:serviceaccount:refloat-system:refloat-webhook"))
                .body())
        .contains("\"allowed\":true");
    assertThat(counted("denied", "LabelByHand")).isEqualTo(1);
    assertThat(counted("admitted", "OwnAccount")).isEqualTo(1);
  }

  @Test
  void each_path_answers_its_own_questions_only() throws Exception {
    assertThat(post(Reviews.SET_CHANGED).body())
        .contains("\"allowed\":true")
        .doesNotContain("patch");
    assertThat(validate(Reviews.POD_CREATED).body())
        .contains("\"allowed\":true")
        .doesNotContain("patch");
    assertThat(counted("left", "NotOurs")).isEqualTo(1);
    assertThat(counted("admitted", "LabelUntouched")).isEqualTo(1);
  }

  @Test
  void a_mistake_of_ours_admits_what_it_is_about() throws Exception {
    storage =
        (_, _) -> {
          throw new IllegalStateException("oops");
        };
    classes =
        _ -> {
          throw new IllegalStateException("oops");
        };

    for (HttpResponse<String> answer :
        List.of(
            post(Reviews.POD_CREATED),
            validate(
                Reviews.SET_CHANGED
                    .replace(", \"refloat.dev/x\": \"y\"", "")
                    .replace("\"refloat.dev/attempt\": \"1\",", "")))) {
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"allowed\":true").doesNotContain("patch", "oops");
    }
    assertThat(counted("left", "Failed")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json               |           | hello                    | 400 | no AdmissionReview
          application/json               |           | ''                       | 400 | No content
          application/json               |           | {"kind":"Pod"}           | 400 | expected an AdmissionReview
          application/json; charset=UTF-8 |          | {}                       | 400 | expected an AdmissionReview
          text/plain                     |           | {}                       | 400 | expected a body of type application/json
          application/json               | gzip      | {}                       | 400 | without Content-Encoding
          """)
  void says_in_a_sentence_what_is_wrong_with_a_request(
      String type, @Nullable String encoding, String body, int status, String sentence)
      throws Exception {
    HttpRequest.Builder request = request().header("Content-Type", type);
    if (encoding != null) {
      request.header("Content-Encoding", encoding);
    }

    HttpResponse<String> answer =
        client.send(request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(sentence).hasLineCount(1);
    assertThat(counted("refused", "Unreadable")).isEqualTo(1);
  }

  @Test
  void answers_nothing_else_and_tells_nothing_about_itself() throws Exception {
    HttpResponse<String> elsewhere =
        client.send(HttpRequest.newBuilder(uri("/elsewhere")).build(), BodyHandlers.ofString());
    HttpResponse<String> got = client.send(request().build(), BodyHandlers.ofString());
    String nonsense = raw("NONSENSE\r\n\r\n");
    String slashes = raw("GET /%00/..;/mutate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(elsewhere.statusCode()).isEqualTo(404);
    assertThat(got.statusCode()).isEqualTo(405);
    assertThat(nonsense).startsWith("HTTP/1.1 400");
    assertThat(slashes).startsWith("HTTP/1.1 400");
    assertThat(List.of(elsewhere.body(), got.body(), nonsense, slashes))
        .noneMatch(
            body -> body.contains("\tat ") || body.toLowerCase(Locale.ROOT).contains("jetty"));
    assertThat(elsewhere.headers().firstValue("Server")).isEmpty();
  }

  @Test
  void a_body_of_a_wrong_length_is_not_waited_for() throws Exception {
    String answer =
        raw(
            "POST /mutate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\nConnection: close\r\n\r\n{\"kind\":");

    assertThat(answer).startsWith("HTTP/1.1 408");
    assertThat(counted("refused", "Interrupted")).isEqualTo(1);
  }

  @Test
  void takes_a_body_in_chunks() throws Exception {
    HttpResponse<String> answer =
        client.send(
            request()
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofInputStream(
                        () ->
                            new ByteArrayInputStream(
                                Reviews.POD_CREATED.getBytes(StandardCharsets.UTF_8))))
                .build(),
            BodyHandlers.ofString());

    assertThat(answer.body()).contains("JSONPatch");
  }

  @Test
  void a_new_certificate_is_served_without_closing_connections() throws Exception {
    try (SSLSocket open = connect()) {
      X509Certificate before = certificate(open);
      assertThat(ask(open)).startsWith("HTTP/1.1 200");

      Credential fresh = leaf();
      assertThat(server.serve(fresh)).isEqualTo(new Serving.Load.Loaded());

      assertThat(ask(open)).startsWith("HTTP/1.1 200");
      try (SSLSocket next = connect()) {
        assertThat(certificate(next)).isEqualTo(fresh.certificate()).isNotEqualTo(before);
        assertThat(ask(next)).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void the_cipher_is_the_fast_one_although_the_caller_likes_another_better() throws Exception {
    try (SSLSocket open = connect()) {
      assertThat(open.getSSLParameters().getCipherSuites()[0]).doesNotContain("CHACHA20");
      assertThat(open.getSession().getCipherSuite()).isEqualTo("TLS_CHACHA20_POLY1305_SHA256");
    }
  }

  @Test
  void the_same_certificate_again_changes_nothing() {
    Credential leaf = leaf();

    assertThat(server.serve(leaf)).isEqualTo(new Serving.Load.Loaded());
    assertThat(server.serve(leaf)).isEqualTo(new Serving.Load.Unchanged());
  }

  @Test
  void keeps_serving_with_the_old_certificate_when_the_new_one_does_not_load() throws Exception {
    Credential unloadable = new Credential(leaf().chain(), new KeyInHardware());

    assertThat(server.serve(unloadable)).isInstanceOf(Serving.Load.Refused.class);

    assertThat(post(Reviews.POD_CREATED).statusCode()).isEqualTo(200);
  }

  @Test
  void a_key_that_nobody_can_read_is_not_tried_on_what_serves() throws Exception {
    Credential unloadable = new Credential(leaf().chain(), new GarbledKey());

    assertThat(server.serve(unloadable)).isInstanceOf(Serving.Load.Refused.class);

    try (SSLSocket next = connect()) {
      assertThat(ask(next)).startsWith("HTTP/1.1 200");
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, true", "TLSv1.3, true", "TLSv1.1, false", "TLSv1, false"})
  void speaks_tls_1_2_and_1_3_only(String version, boolean spoken) throws Exception {
    try (SSLSocket socket = connect()) {
      socket.setEnabledProtocols(new String[] {version});
      if (spoken) {
        socket.startHandshake();
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      } else {
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLException.class);
      }
    }
  }

  /** The JDK refuses older ones as well, as long as nobody edits its security properties. */
  @Test
  void offers_tls_1_2_and_1_3_only() throws Exception {
    SslContextFactory.Server tls = Tls.serving(leaf());
    tls.start();

    assertThat(tls.getIncludeProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(tls.getSelectedProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(tls.isRenegotiationAllowed()).isFalse();
    tls.stop();
  }

  @Test
  void counts_what_is_under_way_and_how_long_it_took() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    storage = hanging(entered, go);
    CompletableFuture<HttpResponse<String>> underWay = postAsync(Reviews.POD_CREATED);
    await(entered);
    assertThat(inFlight()).isEqualTo(1);

    go.countDown();
    underWay.join();

    assertThat(inFlight()).isZero();
    HistogramSnapshot.HistogramDataPointSnapshot took =
        snapshot("refloat_admission_seconds", HistogramSnapshot.class).getDataPoints().getFirst();
    assertThat(took.getCount()).isEqualTo(1);
    assertThat(took.getLabels().get("operation")).isEqualTo("mutate");
    assertThat(took.getSum()).isBetween(0.0, 30.0);
  }

  @Test
  void finishes_what_is_under_way_when_it_ends() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    storage = hanging(entered, go);
    CompletableFuture<HttpResponse<String>> underWay = postAsync(Reviews.POD_CREATED);
    await(entered);

    CompletableFuture<Void> ended =
        CompletableFuture.runAsync(
            () -> {
              try {
                server.close();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    go.countDown();

    assertThat(underWay.get(10, TimeUnit.SECONDS).body()).contains("JSONPatch");
    ended.get(10, TimeUnit.SECONDS);
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }

  @Test
  void asks_connections_to_close_while_it_drains() throws Exception {
    assertThat(post(Reviews.POD_CREATED).headers().firstValue("Connection")).isEmpty();

    server.drain();

    try (SSLSocket open = connect()) {
      assertThat(ask(open)).startsWith("HTTP/1.1 200").contains("Connection: close");
      assertThat(open.getInputStream().read()).isNegative();
    }
  }

  @Test
  void tells_those_to_go_who_would_wait_too_long() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch all = new CountDownLatch(AdmissionServer.MOST_REQUESTS);
    storage =
        (_, _) -> {
          all.countDown();
          await(go);
          return List.of(LOCAL);
        };
    List<CompletableFuture<HttpResponse<String>>> busy = new ArrayList<>();
    for (int i = 0; i < AdmissionServer.MOST_REQUESTS; i++) {
      busy.add(postAsync(Reviews.POD_CREATED));
    }
    await(all);

    HttpResponse<String> refused = post(Reviews.POD_CREATED);
    go.countDown();

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(counted("refused", "Busy")).isEqualTo(1);
    for (CompletableFuture<HttpResponse<String>> each : busy) {
      assertThat(each.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(post(Reviews.POD_CREATED).statusCode()).isEqualTo(200);
  }

  @Test
  void a_port_in_use_is_told_before_there_is_a_certificate() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      HostAndPort address = new HostAndPort("127.0.0.1", taken.getLocalPort());

      assertThatThrownBy(() -> bind(address, new PrometheusRegistry()))
          .isInstanceOf(StartFailedException.class)
          .hasMessageContaining("cannot serve admission on " + address)
          .hasMessageContaining("REFLOAT_WEBHOOK_ADDRESS");
    }
  }

  @Test
  void does_not_serve_before_there_is_a_certificate() throws Exception {
    try (AdmissionServer waiting = bind(ANY_PORT, new PrometheusRegistry())) {
      assertThat(waiting.isServing()).isFalse();
      assertThat(waiting.address().port()).isPositive();
    }
    assertThat(server.isServing()).isTrue();
  }

  private AdmissionServer bind(HostAndPort address, PrometheusRegistry counters)
      throws StartFailedException {
    Metrics metrics = new Metrics(counters);
    WatchedNamespaces all = new WatchedNamespaces.All();
    LocalStorage local = new LocalStorage(Set.of(), Set.of());
    return AdmissionServer.bind(
        address,
        List.of(
            new Endpoint(
                "mutate",
                new Mutation(
                    new PodAdmission(all, local),
                    (namespace, claims) -> storage.of(namespace, claims),
                    metrics),
                metrics),
            new Endpoint(
                "validate",
                new Validation(
                    new SetAdmission(all, local),
                    new LabelAdmission(all, "refloat-system"),
                    names -> names.stream().map(classes).toList(),
                    metrics),
                metrics)),
        metrics);
  }

  private Credential leaf() {
    return issuer.leaf(
        authority, List.of(Host.of("127.0.0.1")), Instant.now(), Duration.ofHours(1));
  }

  /** Whoever asks it says so, and waits until it may go on. */
  private static PodAdmission.Storage hanging(CountDownLatch entered, CountDownLatch go) {
    return (_, _) -> {
      entered.countDown();
      await(go);
      return List.of(LOCAL);
    };
  }

  private double inFlight() {
    return snapshot("refloat_admission_in_flight", GaugeSnapshot.class)
        .getDataPoints()
        .getFirst()
        .getValue();
  }

  private <T extends MetricSnapshot> T snapshot(String name, Class<T> kind) {
    return registry.scrape().stream()
        .filter(metric -> metric.getMetadata().getName().equals(name))
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  private double counted(String outcome, String reason) {
    return registry.scrape().stream()
        .filter(metric -> metric.getMetadata().getName().equals("refloat_admission_requests"))
        .map(CounterSnapshot.class::cast)
        .flatMap(metric -> metric.getDataPoints().stream())
        .filter(
            point ->
                outcome.equals(point.getLabels().get("outcome"))
                    && reason.equals(point.getLabels().get("reason")))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  private URI uri(String path) {
    return URI.create("https://" + server.address() + path);
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(uri("/mutate")).timeout(Duration.ofSeconds(10));
  }

  private HttpRequest review(String body) {
    return request()
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private HttpResponse<String> post(String body) throws Exception {
    return client.send(review(body), BodyHandlers.ofString());
  }

  private HttpResponse<String> validate(String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri("/validate"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private CompletableFuture<HttpResponse<String>> postAsync(String body) {
    return client.sendAsync(review(body), BodyHandlers.ofString());
  }

  private SSLSocket connect() throws Exception {
    return (SSLSocket)
        trusting(authority)
            .getSocketFactory()
            .createSocket(InetAddress.ofLiteral("127.0.0.1"), server.address().port());
  }

  private static X509Certificate certificate(SSLSocket socket) throws SSLException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  /** One request on a connection that stays open; the answer up to the end of its body. */
  private static String ask(SSLSocket socket) throws IOException {
    byte[] body = Reviews.POD_CREATED.getBytes(StandardCharsets.UTF_8);
    socket
        .getOutputStream()
        .write(
            ("POST /mutate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + body.length
                    + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(body);
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      answer.append((char) next);
      if (answer.toString().endsWith("}}")) {
        break;
      }
    }
    return answer.toString();
  }

  /** Sends whatever it is and returns all that comes back until the connection is closed. */
  private String raw(String text) throws Exception {
    try (SSLSocket socket = connect()) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static SSLContext trusting(Credential authority) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", authority.certificate());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  /** One that is stored like any other, and is none. */
  @SuppressWarnings("serial")
  private static final class GarbledKey implements PrivateKey {
    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "PKCS#8";
    }

    @Override
    public byte[] getEncoded() {
      return new byte[] {1, 2, 3};
    }
  }

  /** A key that does not give itself away, so that no store can hold it. */
  @SuppressWarnings("serial")
  private static final class KeyInHardware implements PrivateKey {
    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public @Nullable String getFormat() {
      return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
      return null;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nothing happened for 10 s");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
