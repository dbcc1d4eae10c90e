package dev.refloat.controller.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SharedTest {

  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private int asked;
  private boolean broken;
  private final Shared<String, Integer> shared =
      new Shared<>(
          Duration.ofSeconds(1),
          () -> now,
          _ -> {
            asked++;
            if (broken) {
              throw new IllegalStateException("no answer");
            }
            return asked;
          });

  @Test
  void an_answer_is_shared_for_its_time_and_no_longer() {
    assertThat(shared.get("shop", Instant.MIN).value()).isEqualTo(1);
    now = now.plusMillis(999);
    assertThat(shared.get("shop", Instant.MIN).value()).isEqualTo(1);

    now = now.plusMillis(1);
    assertThat(shared.get("shop", Instant.MIN).value()).isEqualTo(2);
  }

  @Test
  void S48_what_was_asked_before_something_happened_is_not_shared_after_it() {
    shared.get("shop", Instant.MIN);
    now = now.plusMillis(10);

    assertThat(shared.get("shop", now).value()).isEqualTo(2);
  }

  @Test
  void S35_one_key_does_not_answer_for_another() {
    shared.get("shop", Instant.MIN);

    assertThat(shared.get("bank", Instant.MIN).value()).isEqualTo(2);
  }

  @Test
  void S51_an_answer_from_the_future_is_none() {
    shared.get("shop", Instant.MIN);
    now = now.minusSeconds(1);

    assertThat(shared.get("shop", Instant.MIN).value()).isEqualTo(2);
  }

  @Test
  void who_waits_for_an_answer_that_takes_long_has_it_instead_of_asking_once_more()
      throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    AtomicInteger questions = new AtomicInteger();
    AtomicReference<Instant> clock = new AtomicReference<>(now);
    Shared<String, Integer> slow =
        new Shared<>(
            Duration.ofSeconds(1),
            clock::get,
            _ -> {
              begun.countDown();
              await(answered);
              return questions.incrementAndGet();
            });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(() -> slow.get("shop", Instant.MIN).value());
      begun.await();
      // GIVEN another one who asks half a second later, and an answer that takes three seconds
      clock.set(now.plusMillis(500));
      Thread waiting = Thread.ofPlatform().unstarted(() -> slow.get("shop", Instant.MIN));
      waiting.start();
      while (waiting.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      clock.set(now.plusSeconds(3));
      // Looking for what is too old must not take it away either.
      slow.tidy();
      answered.countDown();

      assertThat(first.get()).isEqualTo(1);
      waiting.join();
      assertThat(questions).hasValue(1);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void S47_a_failure_is_shared_with_nobody() {
    broken = true;
    assertThatThrownBy(() -> shared.get("shop", Instant.MIN))
        .isInstanceOf(IllegalStateException.class);
    broken = false;

    assertThat(shared.get("shop", Instant.MIN).value()).isEqualTo(2);
  }
}
