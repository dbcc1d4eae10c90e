package dev.refloat.controller.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OpeningTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void a_watch_that_opens_in_time_is_handed_out() {
    Watch watch = () -> {};

    assertThat(Opening.within(LONG, () -> watch)).isSameAs(watch);
  }

  @Test
  void S48_a_server_that_says_nothing_is_not_waited_for_and_a_watch_that_opens_late_is_closed()
      throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                Opening.within(
                    Duration.ZERO,
                    () -> {
                      awaitQuietly(answered);
                      return closed::countDown;
                    }))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageStartingWith("no watch was opened within");
    answered.countDown();

    assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_refusal_is_told_as_it_is() {
    KubernetesClientException refusal = new KubernetesClientException("forbidden", 403, null);

    assertThatThrownBy(
            () ->
                Opening.within(
                    LONG,
                    () -> {
                      throw refusal;
                    }))
        .isSameAs(refusal);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
