package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.refloat.controller.act.Doorbell;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodNewsTest {

  private static final SetKey DB = new SetKey("shop", "db");

  private Instant now = Instant.parse("2026-11-24T10:00:00Z");
  private final Queue queue = new Queue(() -> now);
  private final PodNews news = new PodNews(() -> now, queue, new Doorbell());

  @Test
  void a_pod_that_the_scheduler_refused_is_looked_at_at_once() throws InterruptedException {
    news.changed(DB);

    assertThat(queue.take().map(Queue.Turn::reason)).contains(Queue.Reason.EVENT);
  }

  @Test
  void a_pod_that_the_scheduler_has_not_come_to_is_given_a_moment_and_no_more()
      throws InterruptedException {
    news.untried(DB);
    assertThat(queue.take()).isEmpty();

    now = now.plusSeconds(5);

    assertThat(queue.take().map(Queue.Turn::reason)).contains(Queue.Reason.TIME);
  }

  @Test
  void one_that_is_untried_does_not_make_another_of_its_set_wait() throws InterruptedException {
    news.changed(DB);
    news.untried(DB);

    assertThat(queue.take().map(Queue.Turn::key)).contains(DB);
  }

  @Test
  void a_pod_that_the_scheduler_refuses_after_all_is_not_looked_at_again_for_the_moment()
      throws InterruptedException {
    news.untried(DB);
    now = now.plusSeconds(1);
    news.changed(DB);
    assertThat(queue.take().map(Queue.Turn::reason)).contains(Queue.Reason.EVENT);
    queue.done(DB);

    now = now.plusSeconds(10);

    assertThat(queue.take()).isEmpty();
  }

  @Test
  void one_that_comes_while_its_set_is_looked_at_is_given_its_moment() throws InterruptedException {
    news.changed(DB);
    assertThat(queue.take()).isPresent();
    news.untried(DB);
    queue.done(DB);

    now = now.plusSeconds(5);

    assertThat(queue.take().map(Queue.Turn::reason)).contains(Queue.Reason.TIME);
  }
}
