package dev.refloat.lean;

import java.util.List;

/**
 * A complete list.
 *
 * @param resourceVersion where a watch goes on
 */
public record Listed<T>(String resourceVersion, List<T> items) {

  public Listed {
    items = List.copyOf(items);
  }
}
