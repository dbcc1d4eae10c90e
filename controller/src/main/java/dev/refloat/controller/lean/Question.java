package dev.refloat.controller.lean;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something that the API server is asked in a thread of its own: others can be asked meanwhile, and
 * an answer that stops arriving in its middle can be left alone. Closing it does that.
 *
 * @param <T> the answer
 */
public final class Question<T> implements AutoCloseable {

  private final FutureTask<T> asking;

  private Question(FutureTask<T> asking) {
    this.asking = asking;
  }

  /** Asks now. */
  public static <T> Question<T> ask(Callable<T> ask) {
    FutureTask<T> asking = new FutureTask<>(ask);
    Thread.ofVirtual().name("question").start(asking);
    return new Question<>(asking);
  }

  /**
   * Waits for the answer, for as long as it takes.
   *
   * @throws KubernetesClientException if there is none, or nobody waits any more
   */
  public T answer() {
    return answer(Duration.ofNanos(Long.MAX_VALUE));
  }

  /**
   * Waits for the answer.
   *
   * @throws KubernetesClientException if there is none by then, or nobody waits any more
   */
  T answer(Duration atMost) {
    try {
      return asking.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new KubernetesClientException(
          "no complete answer within " + atMost.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KubernetesClientException known
          ? known
          : new KubernetesClientException("cannot list", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("cannot list", new InterruptedIOException());
    }
  }

  @Override
  public void close() {
    asking.cancel(true);
  }
}
