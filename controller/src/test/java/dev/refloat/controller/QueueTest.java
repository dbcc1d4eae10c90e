package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");

  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private final InstantSource time = () -> now;
  private final Queue queue = new Queue(time);

  @Test
  void a_set_is_handed_out_to_one_worker_at_a_time_and_what_happens_meanwhile_makes_it_due_again()
      throws InterruptedException {
    queue.wake(DB);
    assertThat(queue.take()).contains(DB);
    queue.wake(DB);
    assertThat(queue.take()).isEmpty();

    queue.done(DB);

    assertThat(queue.take()).contains(DB);
  }

  @Test
  void nothing_is_handed_out_before_its_time() throws InterruptedException {
    queue.at(DB, now.plusSeconds(5));
    assertThat(queue.take()).isEmpty();

    now = now.plusSeconds(5);

    assertThat(queue.take()).contains(DB);
  }

  @Test
  void the_earlier_of_two_times_counts_and_who_is_due_for_longest_goes_first()
      throws InterruptedException {
    queue.at(DB, now.plusSeconds(9));
    queue.at(DB, now.plusSeconds(2));
    queue.at(LOG, now.plusSeconds(1));
    now = now.plusSeconds(3);

    assertThat(queue.take()).contains(LOG);
    assertThat(queue.take()).contains(DB);
    assertThat(queue.take()).isEqualTo(Optional.empty());
  }

  @Test
  void it_is_known_when_something_last_happened_to_a_set_once() {
    queue.wake(DB);
    Instant then = now;
    now = now.plusSeconds(1);

    assertThat(queue.wokenAt(DB)).contains(then);
    assertThat(queue.wokenAt(DB)).isEmpty();
    assertThat(queue.wokenAt(LOG)).isEmpty();
  }
}
