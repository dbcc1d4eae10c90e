package dev.refloat.controller.watch;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Opens a watch in time or not at all. fabric8 waits for ever for the answer to the first request:
 * {@code BaseOperation.watch} has no timeout, and {@code WatchConnectionManager} starts before its
 * connect timeout is set. A server that is stopped accepts the connection and says nothing.
 */
final class Opening {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  private Opening() {}

  /**
   * Returns the watch; one that opens later is closed at once.
   *
   * @throws KubernetesClientException if it could not be opened
   */
  static Watch within(Duration patience, Supplier<Watch> open) {
    CompletableFuture<Watch> opening = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("watch-opening")
        .start(
            () -> {
              try {
                opening.complete(open.get());
              } catch (RuntimeException e) {
                opening.completeExceptionally(e);
              }
            });
    try {
      return opening.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KubernetesClientException known
          ? known
          : new KubernetesClientException("cannot open a watch", e);
    } catch (TimeoutException e) {
      var _ = opening.thenAccept(Watch::close);
      throw new KubernetesClientException(
          "no watch was opened within " + patience.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      var _ = opening.thenAccept(Watch::close);
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("interrupted while a watch was opened", e);
    }
  }
}
