package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QueueTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey LOG = new SetKey("shop", "log");
  private static final SetKey SHOP = new SetKey("shop", "shop");
  private static final SetKey CART = new SetKey("shop", "cart");

  private Instant now = Instant.parse("2026-11-23T10:00:00Z");
  private final InstantSource time = () -> now;
  private final Queue queue = new Queue(time);

  @Test
  void a_set_is_handed_out_to_one_worker_at_a_time_and_what_happens_meanwhile_makes_it_due_again()
      throws InterruptedException {
    queue.wake(DB);
    assertThat(taken()).contains(DB);
    queue.wake(DB);
    assertThat(taken()).isEmpty();

    queue.done(DB);

    assertThat(taken()).contains(DB);
  }

  @Test
  void nothing_is_handed_out_before_its_time() throws InterruptedException {
    queue.at(DB, now.plusSeconds(5));
    assertThat(taken()).isEmpty();

    now = now.plusSeconds(5);

    assertThat(taken()).contains(DB);
  }

  @Test
  void the_earlier_of_two_times_counts_and_who_is_due_for_longest_goes_first()
      throws InterruptedException {
    queue.at(DB, now.plusSeconds(9));
    queue.at(DB, now.plusSeconds(2));
    queue.at(LOG, now.plusSeconds(1));
    now = now.plusSeconds(3);

    assertThat(taken()).contains(LOG);
    assertThat(taken()).contains(DB);
    assertThat(taken()).isEqualTo(Optional.empty());
  }

  @Test
  void facts_are_to_be_younger_than_what_made_the_set_due() throws InterruptedException {
    queue.at(DB, now);
    queue.wake(DB);
    Instant then = now;
    now = now.plusSeconds(1);

    assertThat(queue.take()).contains(new Queue.Turn(DB, Queue.Reason.EVENT, then));
    queue.done(DB);
    assertThat(taken()).as("one look answers both").isEmpty();

    queue.quietlyAt(DB, now);
    assertThat(queue.take()).contains(new Queue.Turn(DB, Queue.Reason.QUIET, Instant.MIN));
  }

  @Test
  void quiet_looks_are_paced_all_together_and_nothing_else_is() throws InterruptedException {
    queue.quietlyAt(DB, now);
    queue.quietlyAt(LOG, now);
    assertThat(taken()).isPresent();
    assertThat(taken()).as("ten quiet looks a second").isEmpty();

    queue.at(SHOP, now);
    assertThat(taken()).contains(SHOP);
    queue.wake(CART);
    assertThat(taken()).contains(CART);

    now = now.plusMillis(100);
    assertThat(taken()).isPresent();
  }

  @Test
  void for_whom_a_place_is_kept_goes_before_those_that_are_due_for_longer()
      throws InterruptedException {
    queue.wake(DB);
    queue.at(LOG, now.minusSeconds(60));

    queue.beforeAll(CART);

    assertThat(queue.take()).contains(new Queue.Turn(CART, Queue.Reason.TIME, Instant.MIN));
    assertThat(taken()).contains(LOG);
    assertThat(taken()).contains(DB);
  }

  @Test
  void a_quiet_look_lets_what_is_due_go_first_for_a_minute() throws InterruptedException {
    queue.quietlyAt(DB, now);
    queue.quietlyAt(SHOP, now.plusSeconds(70));
    queue.at(LOG, now.plusSeconds(59));
    queue.at(CART, now.plusSeconds(61));

    now = now.plusSeconds(59);
    assertThat(taken()).contains(LOG);

    now = now.plusSeconds(11);
    assertThat(taken()).as("it has waited for long enough").contains(DB);
    assertThat(taken()).contains(CART);

    now = now.plusSeconds(1);
    assertThat(taken()).as("there is nothing else").contains(SHOP);
  }

  @Test
  void a_quiet_look_does_not_take_a_time_to_come_away() throws InterruptedException {
    queue.at(DB, now.plusSeconds(9));
    queue.quietlyAt(DB, now);
    assertThat(taken()).contains(DB);
    queue.done(DB);

    now = now.plusSeconds(9);
    assertThat(taken()).contains(DB);
  }

  @Test
  void S51_a_clock_that_is_set_back_does_not_make_an_event_wait() throws InterruptedException {
    queue.wake(DB);
    now = now.minusSeconds(3600);

    assertThat(taken()).contains(DB);
  }

  @Test
  void S51_a_clock_that_is_set_back_does_not_stop_the_quiet_looks() throws InterruptedException {
    queue.quietlyAt(DB, now);
    assertThat(taken()).contains(DB);
    now = now.minusSeconds(3600);

    queue.quietlyAt(LOG, now);

    now = now.plusMillis(100);
    assertThat(taken()).contains(LOG);
  }

  @Test
  void S51_whatever_waits_for_its_time_can_be_woken_at_once() throws InterruptedException {
    queue.at(DB, now.plusSeconds(3600));
    queue.quietlyAt(LOG, now.plusSeconds(3600));
    SetKey web = new SetKey("shop", "web");
    queue.atUnlessTaken(web, now.plusSeconds(3600));

    queue.wakeAll();

    assertThat(
            List.of(
                queue.take().orElseThrow(), queue.take().orElseThrow(), queue.take().orElseThrow()))
        .containsExactlyInAnyOrder(
            new Queue.Turn(DB, Queue.Reason.EVENT, now),
            new Queue.Turn(LOG, Queue.Reason.EVENT, now),
            new Queue.Turn(web, Queue.Reason.EVENT, now));
    List.of(DB, LOG, web).forEach(queue::done);
    now = now.plusSeconds(3600);
    assertThat(taken()).isEmpty();
  }

  @Test
  void of_more_sets_than_can_be_looked_at_in_their_time_each_has_its_turn()
      throws InterruptedException {
    int sets = 400;
    for (int i = 0; i < sets; i++) {
      queue.quietlyAt(new SetKey("shop", "set-" + i), now);
    }
    // WHEN each wants to be looked at every 15 s, and ten can be a second
    Set<SetKey> seen = new HashSet<>();
    for (int look = 0; look < sets; look++) {
      SetKey key = taken().orElseThrow();
      seen.add(key);
      queue.done(key);
      queue.quietlyAt(key, now.plusSeconds(15));
      now = now.plusMillis(100);
    }

    assertThat(seen).hasSize(sets);
  }

  private Optional<SetKey> taken() throws InterruptedException {
    return queue.take().map(Queue.Turn::key);
  }
}
