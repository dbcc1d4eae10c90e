package dev.refloat.lab.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AwaitTest {

  private static final Await SHORT = new Await(Duration.ofMillis(20), Duration.ofMillis(1));

  @Test
  void returns_the_first_state_that_is_enough() {
    Iterator<Integer> states = List.of(1, 2, 3, 4).iterator();

    assertThat(Await.seconds(5).until("it is 3", states::next, state -> state >= 3)).isEqualTo(3);
  }

  @Test
  void looks_once_more_than_never() {
    assertThat(SHORT.until("it is", () -> "so", state -> true)).isEqualTo("so");
  }

  @Test
  void tells_the_last_state_when_time_is_over() {
    assertThatThrownBy(
            () -> SHORT.until("it is blue", () -> "red", "blue"::equals, state -> "it is " + state))
        .isInstanceOf(AwaitFailed.class)
        .hasMessage("waited 20 ms until it is blue. Last seen: it is red");
  }

  @Test
  void waits_no_longer_when_what_it_waits_for_cannot_come_any_more() {
    assertThatThrownBy(
            () ->
                Await.seconds(60)
                    .unless(() -> Optional.of("kube-scheduler ended with status 1"))
                    .until("it is blue", () -> "red", "blue"::equals))
        .isInstanceOf(AwaitFailed.class)
        .hasMessage(
            "waits in vain until it is blue, last seen: red. kube-scheduler ended with status 1");
  }

  @Test
  void what_the_look_throws_ends_the_waiting() {
    assertThatThrownBy(
            () ->
                Await.seconds(60)
                    .until(
                        "never",
                        () -> {
                          throw new IllegalStateException("no rights");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no rights");
  }

  @Test
  void a_deadline_of_nothing_is_a_mistake() {
    assertThatThrownBy(() -> Await.within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("deadline is PT0S");
  }
}
