package dev.refloat.settings;

import static dev.refloat.settings.Nearest.nearest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

  private static final List<String> STATES =
      List.of("node-gone", "node-not-ready", "node-cordoned", "node-tainted");

  @Test
  void finds_the_name_that_was_meant() {
    assertThat(nearest("node-gon", STATES)).contains("node-gone");
    assertThat(nearest("nodegone", STATES)).contains("node-gone");
    assertThat(nearest("node-notready", STATES)).contains("node-not-ready");
    assertThat(nearest("Node-Cordoned", STATES)).contains("node-cordoned");
    assertThat(nearest("tainted", STATES)).isEmpty();
  }

  @Test
  void takes_a_swap_of_neighbours_for_one_edit() {
    assertThat(nearest("onde", List.of("node", "zone"))).contains("node");
  }

  @Test
  void of_two_equally_near_names_it_takes_the_first_of_the_alphabet() {
    assertThat(nearest("cat", List.of("rat", "bat"))).contains("bat");
  }

  @Test
  void suggests_nothing_rather_than_something_far_off() {
    assertThat(nearest("evicted", STATES)).isEmpty();
    assertThat(nearest("node-gone", List.of())).isEmpty();
  }

  @Test
  void allows_two_edits_in_a_short_name() {
    assertThat(nearest("kep", List.of("keep", "discard"))).contains("keep");
    assertThat(nearest("drop", List.of("keep", "discard"))).isEmpty();
  }
}
