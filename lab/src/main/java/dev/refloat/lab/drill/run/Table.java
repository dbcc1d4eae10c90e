package dev.refloat.lab.drill.run;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is better seen side by side.
 *
 * @param rows each as long as {@code head}
 */
public record Table(String title, List<String> head, List<List<String>> rows) {

  public Table {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != head.size()) {
        throw new IllegalArgumentException("%s does not fit under %s".formatted(row, head));
      }
    }
  }

  /** Returns it as lines of aligned columns, without the title. */
  public List<String> lines() {
    List<List<String>> all = new ArrayList<>(List.of(head));
    all.addAll(rows);
    List<Integer> widths =
        IntStream.range(0, head.size())
            .mapToObj(
                column -> all.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toList();
    return all.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.size(); column++) {
      line.append(("%-" + Math.max(1, widths.get(column)) + "s  ").formatted(row.get(column)));
    }
    return line.toString().stripTrailing();
  }
}
