package dev.refloat.process;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.internal.OperationSupport;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One PATCH, and no request beside it: fabric8's own reads the object before, for nothing that we
 * need.
 */
public final class MergePatch {

  private static final int FIRST_FAILURE = 400;

  private final KubernetesClient client;

  public MergePatch(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Returns the object as it is stored now.
   *
   * @param path such as {@code api/v1/persistentvolumes/pv-1}
   * @throws KubernetesClientException with the code of the refusal, or without one if it is not
   *     known what came of it
   */
  public <T extends HasMetadata> T send(String path, Map<String, Object> patch, Class<T> type) {
    long millis = client.getConfiguration().getRequestTimeout();
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(client.getMasterUrl() + path)
            .patch(
                OperationSupport.JSON_MERGE_PATCH,
                client.getKubernetesSerialization().asJson(patch))
            .timeout(millis, TimeUnit.MILLISECONDS)
            .build();
    HttpResponse<String> answer;
    try {
      answer =
          client
              .getHttpClient()
              .sendAsync(request, String.class)
              .get(millis, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KubernetesClientException("PATCH " + path + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException(
          "PATCH " + path + " was interrupted", new InterruptedIOException());
    }
    if (answer.code() >= FIRST_FAILURE) {
      throw OperationSupport.requestFailure(
          request, OperationSupport.createStatus(answer, client.getKubernetesSerialization()));
    }
    return client.getKubernetesSerialization().unmarshal(answer.body(), type);
  }
}
