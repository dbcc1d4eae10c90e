package dev.refloat.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WatchedNamespacesTest {

  @Test
  void all_includes_every_namespace() {
    assertThat(new WatchedNamespaces.All().includes("shop")).isTrue();
  }

  @Test
  void a_list_includes_its_own_and_no_others() {
    WatchedNamespaces watched = new WatchedNamespaces.Only(Set.of("shop", "bank"));

    assertThat(watched.includes("shop")).isTrue();
    assertThat(watched.includes("shop-2")).isFalse();
    assertThat(watched).hasToString("bank,shop");
  }

  @Test
  void all_is_looked_at_at_once_and_a_list_one_by_one() {
    assertThat(new WatchedNamespaces.All().selected()).containsExactly(Optional.empty());
    assertThat(new WatchedNamespaces.Only(Set.of("shop", "bank")).selected())
        .containsExactly(Optional.of("bank"), Optional.of("shop"));
  }
}
