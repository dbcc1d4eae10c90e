package dev.refloat.lab.bench;

import dev.refloat.recovery.ObjectId;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The writes of a recovery, one request each. fabric8's own {@code patch} reads the object first.
 */
record BareWrites(KubernetesClient client) {

  private static final int FIRST_REFUSAL = 300;

  /** Sets a volume to Retain, with as many words as Refloat. */
  void keep(Known storage) throws InterruptedException {
    Map<String, Object> patch =
        Map.of(
            "metadata",
            Map.of(
                "uid",
                storage.volume().uid(),
                "resourceVersion",
                storage.volume().resourceVersion(),
                "annotations",
                Map.of(
                    "refloat.dev/kept",
                    owner(storage),
                    "refloat.dev/reclaim-policy-was",
                    "Delete")),
            "spec",
            Map.of("persistentVolumeReclaimPolicy", "Retain"));
    String path = "/api/v1/persistentvolumes/" + storage.volume().name();
    int code = send("PATCH", path, "application/merge-patch+json", patch);
    if (code >= FIRST_REFUSAL) {
      throw new BenchFailed("the floor's patch of a volume was answered with " + code);
    }
  }

  private static String owner(Known storage) {
    return "{\"namespace\":\"%s\",\"claim\":\"%s\",\"claimUid\":\"%s\",\"statefulSet\":\"%s\",\"ordinal\":0,\"time\":\"%s\"}"
        .formatted(
            storage.claim().namespace(),
            storage.claim().name(),
            storage.claim().uid(),
            storage.claim().name(),
            Instant.now());
  }

  /** Returns whether it is gone; false if it has changed since it was seen. */
  boolean delete(String plural, ObjectId id) throws InterruptedException {
    Map<String, Object> options =
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "DeleteOptions",
            "propagationPolicy",
            "Background",
            "preconditions",
            Map.of("uid", id.uid(), "resourceVersion", id.resourceVersion()));
    String path = "/api/v1/namespaces/%s/%s/%s".formatted(id.namespace(), plural, id.name());
    int code = send("DELETE", path, "application/json", options);
    return switch (code) {
      case HttpURLConnection.HTTP_NOT_FOUND -> true;
      case HttpURLConnection.HTTP_CONFLICT -> false;
      default -> {
        if (code >= FIRST_REFUSAL) {
          throw new BenchFailed(
              "the floor's delete of %s was answered with %d".formatted(id, code));
        }
        yield true;
      }
    };
  }

  private int send(String method, String path, String type, Map<String, Object> body)
      throws InterruptedException {
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl().toString()).resolve(path))
            .method(method, type, client.getKubernetesSerialization().asJson(body))
            .build();
    try {
      HttpResponse<String> answer = client.getHttpClient().sendAsync(request, String.class).get();
      return answer.code();
    } catch (ExecutionException e) {
      throw new BenchFailed("the floor cannot reach the API server", e);
    }
  }
}
