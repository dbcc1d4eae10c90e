package dev.refloat.controller.sweep;

import dev.refloat.settings.WatchedNamespaces;
import java.util.List;
import java.util.Optional;

/** Where to look: once everywhere, or once in each watched namespace. */
record Namespaces(WatchedNamespaces watched) {

  List<Optional<String>> selected() {
    return switch (watched) {
      case WatchedNamespaces.All() -> List.of(Optional.empty());
      case WatchedNamespaces.Only only -> only.names().stream().map(Optional::of).toList();
    };
  }
}
