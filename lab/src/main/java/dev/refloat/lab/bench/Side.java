package dev.refloat.lab.bench;

import java.util.List;

/** Who recovers. */
enum Side {
  REFLOAT("Refloat"),
  FLOOR("floor");

  private final String word;

  Side(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Returns both, in turns: what only the first or the second of a pair meets, both meet. */
  static List<Side> inTurn(int round) {
    return round % 2 == 0 ? List.of(REFLOAT, FLOOR) : List.of(FLOOR, REFLOAT);
  }
}
