package dev.refloat.webhook.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RotaTest {

  @Test
  void goes_on_after_whoever_was_last_and_begins_again_at_the_end() {
    assertThat(next("", 2, "c", "a", "b")).containsExactly("a", "b");
    assertThat(next("b", 2, "c", "a", "b")).containsExactly("c", "a");
    assertThat(next("a", 2, "c", "a", "b")).containsExactly("b", "c");
  }

  @Test
  void goes_on_although_whoever_was_last_is_gone() {
    assertThat(next("b", 1, "a", "c")).containsExactly("c");
    assertThat(next("z", 1, "a", "c")).containsExactly("a");
  }

  @Test
  void serves_everybody_once_where_there_is_room() {
    assertThat(next("b", 9, "a", "b", "c")).containsExactly("c", "a", "b");
    assertThat(next("b", 9)).isEmpty();
  }

  private static List<String> next(String last, int most, String... all) {
    return Rota.next(List.of(all), Function.identity(), last, most);
  }
}
