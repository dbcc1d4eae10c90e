package dev.refloat.lean;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.refloat.process.Failures;
import dev.refloat.recovery.Node;
import dev.refloat.recovery.Pod;
import dev.refloat.recovery.PodMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists objects into small records, which are bound while the answer arrives: no body is ever held
 * as a whole, and what is not in the record is skipped. A thousand pods cost a few hundred KB of
 * heap instead of tens of MB.
 *
 * <p>Half a list proves nothing: whatever goes wrong on the way fails the whole list. No answer
 * takes longer than ten seconds, also where its body stops in the middle; fabric8's typed lists are
 * bounded in the same way.
 */
public final class LeanLists {

  /** Without {@code spec} and {@code status}, which the API server then leaves out itself. */
  private static final String METADATA_ONLY =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

  private static final Logger log = LoggerFactory.getLogger(LeanLists.class);
  private static final String GZIP = "gzip";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int FIRST_FAILURE = 400;

  private final KubernetesClient client;

  public LeanLists(KubernetesClient client) {
    this.client = client;
  }

  /**
   * A page as it is sent.
   *
   * @param items absent where there are none
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Page<T>(Head metadata, @Nullable List<T> items) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Pods(Head metadata, Sink.@Nullable OfPods items) implements Sheet<Pod> {
    @Override
    public List<Pod> kept() {
      return items == null ? List.of() : items.kept();
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Nodes(Head metadata, Sink.@Nullable OfNodes items) implements Sheet<Node> {
    @Override
    public List<Node> kept() {
      return items == null ? List.of() : items.kept();
    }
  }

  /** A page of which records are left. */
  private interface Sheet<R> {
    Head metadata();

    List<R> kept();
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Head(
      @Nullable String resourceVersion, @JsonProperty("continue") @Nullable String next) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Partial(MetadataJson metadata) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record LeaseJson(MetadataJson metadata, @Nullable LeaseSpecJson spec) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record LeaseSpecJson(@Nullable String renewTime) {}

  /**
   * Lists pods without their {@code spec} and {@code status}.
   *
   * @param small what is kept of each object; empty for nothing
   * @throws KubernetesClientException if the list could not be read to its end
   */
  public <R> Listed<R> pods(ListRequest request, Function<PodMetadata, Optional<R>> small) {
    return all(
        request,
        METADATA_ONLY,
        new TypeReference<Page<Partial>>() {},
        each -> small.apply(each.metadata().facts()));
  }

  /**
   * Lists the Leases of the nodes.
   *
   * @throws KubernetesClientException if the list could not be read to its end
   */
  public List<Heartbeat> heartbeats() {
    return all(
            new ListRequest(
                "apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",
                "",
                "",
                Freshness.LATEST),
            "application/json",
            new TypeReference<Page<LeaseJson>>() {},
            lease ->
                Optional.ofNullable(lease.spec())
                    .flatMap(spec -> Optional.ofNullable(spec.renewTime()))
                    .map(
                        at -> new Heartbeat(lease.metadata().facts().id().name(), Times.parse(at))))
        .items();
  }

  /**
   * Lists all pods of a namespace, as far as they are decided about.
   *
   * @throws KubernetesClientException if the list could not be read to its end
   */
  public List<Pod> podsOf(String namespace) {
    return whole(
        ListRequest.pods(Optional.of(namespace), "", "", Freshness.LATEST),
        new TypeReference<Pods>() {},
        UnaryOperator.identity());
  }

  /**
   * Lists all Nodes, as far as they are decided about.
   *
   * @param small what is kept of each; called once a page for its nodes, so that at most a page of
   *     others is held
   * @throws KubernetesClientException if the list could not be read to its end
   */
  public List<Node> nodes(UnaryOperator<Node> small) {
    return whole(
        new ListRequest("api/v1/nodes", "", "", Freshness.LATEST),
        new TypeReference<Nodes>() {},
        small);
  }

  private <R, S extends Sheet<R>> List<R> whole(
      ListRequest request, TypeReference<S> type, UnaryOperator<R> small) {
    List<R> kept = new ArrayList<>();
    String token = "";
    do {
      String address = client.getMasterUrl() + request.page(token);
      S page = within(() -> read(address, "application/json", type));
      page.kept().forEach(each -> kept.add(small.apply(each)));
      token = Optional.ofNullable(page.metadata().next()).orElse("");
    } while (!token.isEmpty());
    return List.copyOf(kept);
  }

  private <J, R> Listed<R> all(
      ListRequest request,
      String accept,
      TypeReference<Page<J>> type,
      Function<J, Optional<R>> small) {
    List<R> kept = new ArrayList<>();
    String token = "";
    String version = "";
    do {
      String address = client.getMasterUrl() + request.page(token);
      Page<J> page = within(() -> read(address, accept, type));
      Optional.ofNullable(page.items())
          .ifPresent(items -> items.forEach(each -> small.apply(each).ifPresent(kept::add)));
      version = Optional.ofNullable(page.metadata().resourceVersion()).orElse("");
      token = Optional.ofNullable(page.metadata().next()).orElse("");
    } while (!token.isEmpty());
    return new Listed<>(version, kept);
  }

  private <P> P read(String address, String accept, TypeReference<P> type)
      throws IOException, InterruptedException {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(address)
            .setHeader("Accept", accept)
            // The API server compresses what is longer than 128 KB, to a tenth.
            .setHeader("Accept-Encoding", GZIP)
            .build();
    CompletableFuture<HttpResponse<InputStream>> sent =
        client.getHttpClient().sendAsync(request, InputStream.class);
    HttpResponse<InputStream> answer;
    try {
      answer = sent.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      // Nobody waits any more; an answer that comes all the same must not keep its connection.
      var _ = sent.thenAccept(late -> close(late.body()));
      throw e;
    }
    try (InputStream body =
        GZIP.equals(answer.header("Content-Encoding"))
            ? new GZIPInputStream(answer.body())
            : answer.body()) {
      if (answer.code() >= FIRST_FAILURE) {
        throw refusal(answer.code(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
      }
      return client.getKubernetesSerialization().unmarshal(body, type);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      log.atDebug().addKeyValue("why", Failures.words(e)).log("Failed to close a late answer");
    }
  }

  private KubernetesClientException refusal(int code, String body) {
    try {
      Status status = client.getKubernetesSerialization().unmarshal(body, Status.class);
      return new KubernetesClientException(status.getMessage(), code, status);
    } catch (RuntimeException e) {
      // A proxy on the way speaks HTML.
      return new KubernetesClientException("the answer is no Status", code, null);
    }
  }

  /** In a thread that can be left alone: a body that stops arriving has no timeout of its own. */
  private static <T> T within(Callable<T> read) {
    FutureTask<T> task = new FutureTask<>(read);
    Thread.ofVirtual().name("lean-list").start(task);
    try {
      return task.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new KubernetesClientException(
          "no complete answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KubernetesClientException known
          ? known
          : new KubernetesClientException("cannot list", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("cannot list", new InterruptedIOException());
    } finally {
      task.cancel(true);
    }
  }
}
