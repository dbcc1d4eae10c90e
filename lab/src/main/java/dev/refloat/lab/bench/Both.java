package dev.refloat.lab.bench;

import java.util.ArrayList;
import java.util.List;

/** Something of each side. */
record Both<T>(T refloat, T floor) {

  /** Returns a list for each side, empty and to be filled. */
  static <T> Both<List<T>> lists() {
    return new Both<>(new ArrayList<>(), new ArrayList<>());
  }

  T of(Side side) {
    return switch (side) {
      case REFLOAT -> refloat;
      case FLOOR -> floor;
    };
  }
}
