package dev.refloat.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.refloat.settings.HostAndPort;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ProbeServerTest {

  private static final HostAndPort ANY_PORT = new HostAndPort("127.0.0.1", 0);

  private final AtomicReference<Readiness> readiness = new AtomicReference<>(new Readiness.Ready());
  private final PrometheusRegistry metrics = new PrometheusRegistry();
  private final HttpClient http = HttpClient.newHttpClient();
  private ProbeServer probes;

  @BeforeEach
  void start() throws StartFailedException {
    probes = ProbeServer.start(ANY_PORT, readiness::get, metrics);
  }

  @AfterEach
  void stop() {
    probes.close();
    http.close();
  }

  @Test
  void any_free_port_is_a_real_one() {
    assertThat(probes.address().port()).isPositive();
  }

  @Test
  void it_is_alive_and_ready() throws Exception {
    assertThat(get("/livez")).isEqualTo("200 ok\n");
    assertThat(get("/readyz")).isEqualTo("200 ok\n");
  }

  @Test
  void what_is_missing_is_listed_and_does_not_make_it_less_alive() throws Exception {
    readiness.set(Readiness.of(List.of("the watch is not established", "the Lease is not ours")));

    assertThat(get("/readyz"))
        .isEqualTo("503 the watch is not established\nthe Lease is not ours\n");
    assertThat(get("/livez")).isEqualTo("200 ok\n");
  }

  @Test
  void metrics_say_whether_the_process_is_ready() throws Exception {
    assertThat(get("/metrics")).contains("\nrefloat_ready 1.0\n");

    readiness.set(Readiness.of(List.of("the watch is not established")));

    assertThat(get("/metrics")).contains("\nrefloat_ready 0.0\n");
  }

  @Test
  void metrics_come_in_the_format_that_was_asked_for() throws Exception {
    Counter.builder().name("recoveries").help("So many.").register(metrics).inc(2);

    assertThat(get("/metrics"))
        .startsWith("200 # HELP recoveries_total So many.\n")
        .contains("\nrecoveries_total 2.0\n")
        .doesNotContain("# EOF");
    assertThat(get("/metrics", "application/openmetrics-text; version=1.0.0"))
        .contains("\nrecoveries_total 2.0\n")
        .endsWith("# EOF\n");
    // Binary, in a library that we leave out: then text is right too.
    assertThat(get("/metrics", "application/vnd.google.protobuf; proto=x; encoding=delimited"))
        .contains("\nrecoveries_total 2.0\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/livez/", "/livezz", "/metrics/all", "/..%2fetc", "/LIVEZ"})
  void anything_else_is_not_found(String path) throws Exception {
    assertThat(get(path)).isEqualTo("404 try /livez, /readyz or /metrics\n");
  }

  @ParameterizedTest
  @CsvSource({"HEAD, 200", "POST, 405", "DELETE, 405"})
  void only_reading_is_answered(String method, int status) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/livez"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();

    assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(status);
  }

  @Test
  void a_port_in_use_is_told_in_words() {
    assertThatThrownBy(() -> ProbeServer.start(probes.address(), Readiness.Ready::new, metrics))
        .isInstanceOf(StartFailedException.class)
        .hasMessage(
            "cannot serve probes and metrics on "
                + probes.address()
                + ": Address already in use; end the program that uses the port, or set"
                + " REFLOAT_HTTP_ADDRESS to another one (port 0 = any that is free)");
  }

  @Test
  void an_address_of_another_machine_is_told_in_words() {
    assertThatThrownBy(
            () -> ProbeServer.start(new HostAndPort("192.0.2.1", 0), Readiness.Ready::new, metrics))
        .isInstanceOf(StartFailedException.class)
        .hasMessageContaining("192.0.2.1:0: Cannot assign requested address; ");
  }

  @Test
  void a_readiness_that_breaks_costs_one_answer_and_not_the_server() throws Exception {
    readiness.set(null);

    assertThat(get("/readyz")).isEqualTo("500 failed; the log says why\n");
    assertThat(get("/metrics")).contains("\nrefloat_ready 0.0\n");
    assertThat(get("/livez")).isEqualTo("200 ok\n");
  }

  @Test
  void after_close_nobody_listens() throws Exception {
    probes.close();

    assertThatThrownBy(() -> get("/livez")).isInstanceOf(IOException.class);
    ProbeServer next =
        ProbeServer.start(probes.address(), Readiness.Ready::new, new PrometheusRegistry());
    next.close();
  }

  private String get(String path) throws Exception {
    return get(path, "*/*");
  }

  private String get(String path, String accept) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
    return response.statusCode() + " " + response.body();
  }

  private URI uri(String path) {
    return URI.create("http://" + probes.address() + path);
  }
}
