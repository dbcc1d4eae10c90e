package dev.refloat.process;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Counts what this process asks of the API server, as it goes out, and what it is answered: what a
 * recovery costs, what doing nothing costs, and whether either is refused.
 *
 * <p>The verbs are those of the API server's own audit log; {@code page} is a further page of a
 * list. The codes are those of HTTP, and {@code none} where no answer came. The client does not
 * tell of watches that were opened: of those the request alone is counted. What it asks again by
 * itself, with a new token, is not counted a second time.
 */
public final class Requests implements Interceptor {

  private static final Set<String> KNOWN =
      Set.of(
          "csidrivers",
          "csinodes",
          "csistoragecapacities",
          "events",
          "leases",
          "mutatingwebhookconfigurations",
          "namespaces",
          "nodes",
          "persistentvolumeclaims",
          "persistentvolumes",
          "pods",
          "secrets",
          "statefulsets",
          "storageclasses",
          "validatingwebhookconfigurations");

  private static final String NO_ANSWER = "none";

  private final Counter requests;
  private final Counter responses;

  public Requests(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name("refloat_api_requests_total")
            .help("Requests to the API server, by verb and resource.")
            .labelNames("verb", "resource")
            .register(registry);
    responses =
        Counter.builder()
            .name("refloat_api_responses_total")
            .help("Answers of the API server, by verb, resource and HTTP code, watches apart.")
            .labelNames("verb", "resource", "code")
            .register(registry);
  }

  /** What a request asks for. */
  record Asked(String verb, String resource) {

    static Asked of(String method, URI uri) {
      List<String> path =
          Arrays.stream(uri.getPath().split("/")).filter(part -> !part.isEmpty()).toList();
      // api/v1/... or apis/GROUP/VERSION/..., then perhaps namespaces/NAME/ before the resource.
      int from = path.isEmpty() || path.getFirst().equals("api") ? 2 : 3;
      if (path.size() > from + 2 && path.get(from).equals("namespaces")) {
        from += 2;
      }
      String resource =
          path.size() > from && KNOWN.contains(path.get(from)) ? path.get(from) : "other";
      boolean named = path.size() > from + 1;
      return new Asked(
          verb(method, named, Objects.requireNonNullElse(uri.getQuery(), "")), resource);
    }

    private static String verb(String method, boolean named, String query) {
      if (!method.equals("GET")) {
        return switch (method) {
          case "POST" -> "create";
          case "PUT" -> "update";
          default -> method.toLowerCase(Locale.ROOT);
        };
      }
      if (query.contains("watch=true")) {
        return "watch";
      }
      return named ? "get" : query.contains("continue=") ? "page" : "list";
    }
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    Asked asked = Asked.of(request.method(), request.uri());
    requests.labelValues(asked.verb(), asked.resource()).inc();
  }

  @Override
  public void after(
      HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> body) {
    answered(Asked.of(request.method(), request.uri()), Integer.toString(response.code()));
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    answered(Asked.of(request.method(), request.uri()), NO_ANSWER);
  }

  private void answered(Asked asked, String code) {
    responses.labelValues(asked.verb(), asked.resource(), code).inc();
  }
}
