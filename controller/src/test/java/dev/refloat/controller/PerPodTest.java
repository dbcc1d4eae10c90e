package dev.refloat.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PerPodTest {

  private static final SetKey DB = new SetKey("shop", "db");
  private static final SetKey OTHER_DB = new SetKey("bank", "db");

  private final PerPod<Integer> kept = new PerPod<>();

  @BeforeEach
  void two_sets_with_pods_of_the_same_names() {
    kept.put(DB, "db-0", 1);
    kept.put(DB, "db-1", 2);
    kept.put(OTHER_DB, "db-0", 3);
  }

  @Test
  void what_is_kept_anew_returns_what_was_kept_before() {
    assertThat(kept.put(DB, "db-0", 4)).contains(1);
    assertThat(kept.put(DB, "db-2", 5)).isEmpty();
    assertThat(kept.get(DB, "db-0")).contains(4);
  }

  @Test
  void forgets_the_pods_of_one_set_and_returns_what_was_kept_of_them() {
    assertThat(kept.retain(DB, Set.of("db-1", "db-7"))).containsExactly(1);
    assertThat(kept.all()).containsExactlyInAnyOrder(2, 3);

    assertThat(kept.retain(DB, Set.of())).containsExactly(2);
    assertThat(kept.retain(DB, Set.of())).isEmpty();
    assertThat(kept.count()).isEqualTo(1);
  }

  @Test
  void a_pod_that_is_removed_is_not_told_as_forgotten() {
    kept.remove(DB, "db-0");
    kept.remove(new SetKey("shop", "log"), "log-0");

    assertThat(kept.retain(DB, Set.of())).containsExactly(2);
  }

  @Test
  void keeps_something_else_of_each() {
    kept.replaceAll((key, value) -> key.equals(DB) ? value * 10 : value);

    assertThat(kept.all()).containsExactlyInAnyOrder(10, 20, 3);
  }
}
