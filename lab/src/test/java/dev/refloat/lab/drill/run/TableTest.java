package dev.refloat.lab.drill.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columns_are_as_wide_as_what_is_in_them() {
    Table table =
        new Table(
            "t",
            List.of("POD", "NODE"),
            List.of(List.of("app-alpha-0", "node-1"), List.of("b", "node-22")));

    assertThat(table.lines())
        .containsExactly("POD          NODE", "app-alpha-0  node-1", "b            node-22");
  }

  @Test
  void a_row_that_does_not_fit_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Table("t", List.of("A", "B"), List.of(List.of("only one"))));
  }
}
