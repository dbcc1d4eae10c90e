package dev.refloat.lab.drill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {

  private final StringWriter said = new StringWriter();
  private final List<String> done = new ArrayList<>();
  private final Undo undo = new Undo(new Narrator(new PrintWriter(said), false));

  private void change(String what) {
    undo.change(
        what + " is back", "kubectl", () -> done.add("undo " + what), () -> done.add("do " + what));
  }

  @Test
  void what_was_done_last_is_undone_first_and_once() {
    try (undo) {
      change("a");
      change("b");

      assertThat(undo.all()).isEmpty();
      assertThat(undo.all()).isEmpty();
    }
    assertThat(done).containsExactly("do a", "do b", "undo b", "undo a");
    assertThat(said.toString()).containsSubsequence("undo  b is back", "undo  a is back");
  }

  @Test
  void what_was_done_in_part_is_undone_as_well() {
    try (undo) {
      assertThatThrownBy(
              () ->
                  undo.change(
                      "it is back",
                      "kubectl",
                      () -> done.add("undone"),
                      () -> {
                        throw new IllegalStateException("half of it");
                      }))
          .hasMessage("half of it");

      assertThat(undo.all()).isEmpty();
    }
    assertThat(done).containsExactly("undone");
  }

  @Test
  void a_step_that_fails_does_not_keep_the_others_from_being_undone() {
    try (undo) {
      change("a");
      undo.change(
          "b is back",
          "kubectl uncordon b",
          () -> {
            throw new IllegalStateException("no such node");
          },
          () -> {});

      assertThat(undo.all())
          .singleElement()
          .asString()
          .contains("b is back", "no such node", "By hand: kubectl uncordon b");
    }
    assertThat(done).contains("undo a");
    assertThat(said.toString()).contains("FAIL  could not be undone: b is back");
  }

  @Test
  void nothing_more_is_changed_once_it_is_being_undone() {
    try (undo) {
      assertThat(undo.all()).isEmpty();

      assertThatThrownBy(() -> change("late")).isInstanceOf(DrillStopped.class);
      assertThatThrownBy(() -> undo.unlessOver(() -> done.add("late")))
          .isInstanceOf(DrillStopped.class);
    }
    assertThat(done).isEmpty();
  }

  @Test
  void what_an_error_has_kept_anybody_from_undoing_is_undone_at_the_end() {
    try (undo) {
      change("a");
    }

    assertThat(done).containsExactly("do a", "undo a");
  }
}
