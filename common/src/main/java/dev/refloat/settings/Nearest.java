package dev.refloat.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that somebody who wrote an unknown one probably meant. */
public final class Nearest {

  private Nearest() {}

  /**
   * Returns the known name that takes the fewest edits to reach from {@code name}, upper and lower
   * case being the same. Of several equally near ones it is the first in alphabetical order.
   *
   * <p>Empty if even the nearest one would change more than a third of the name (a suggestion that
   * far off misleads), but two edits are always allowed.
   */
  public static Optional<String> nearest(String name, Collection<String> known) {
    int farthest = Math.max(2, name.length() / 3);
    Optional<String> nearest = Optional.empty();
    for (String candidate : known.stream().sorted().toList()) {
      int distance = edits(name.toUpperCase(Locale.ROOT), candidate.toUpperCase(Locale.ROOT));
      if (distance <= farthest) {
        nearest = Optional.of(candidate);
        farthest = distance - 1;
      }
    }
    return nearest;
  }

  /** Insertions, deletions, replacements and swaps of neighbours between two texts. */
  private static int edits(String from, String to) {
    int[][] table = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        table[i][j] = edits(table, from, to, i, j);
      }
    }
    return table[from.length()][to.length()];
  }

  private static int edits(int[][] table, String from, String to, int i, int j) {
    if (i == 0 || j == 0) {
      return i + j;
    }
    int replaced = table[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
    int fewest = Math.min(replaced, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(fewest, table[i - 2][j - 2] + 1) : fewest;
  }
}
