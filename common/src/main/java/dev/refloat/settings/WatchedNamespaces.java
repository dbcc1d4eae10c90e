package dev.refloat.settings;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The namespaces whose pods Refloat may know about. */
public sealed interface WatchedNamespaces {

  /** Every namespace, those that do not exist yet included. */
  record All() implements WatchedNamespaces {
    @Override
    public String toString() {
      return "all";
    }
  }

  /** These and no others; rights in them are enough. */
  record Only(SortedSet<String> names) implements WatchedNamespaces {

    public Only {
      if (names.isEmpty()) {
        throw new IllegalArgumentException("names is empty; expected at least one namespace");
      }
      names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
    }

    public Only(Collection<String> names) {
      this(new TreeSet<>(names));
    }

    @Override
    public String toString() {
      return String.join(",", names);
    }
  }

  /** Where to look: once everywhere, or once in each of them. */
  default List<Optional<String>> selected() {
    return switch (this) {
      case All() -> List.of(Optional.empty());
      case Only(SortedSet<String> names) -> names.stream().map(Optional::of).toList();
    };
  }

  /** Whether a pod in {@code namespace} is any of our business. */
  default boolean includes(String namespace) {
    return switch (this) {
      case All() -> true;
      case Only(SortedSet<String> names) -> names.contains(namespace);
    };
  }
}
