package dev.refloat.lab.faults;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The watches that are under way. */
final class Watches {

  private final Set<OpenWatch> open = ConcurrentHashMap.newKeySet();

  void add(OpenWatch watch) {
    open.add(watch);
  }

  void remove(OpenWatch watch) {
    open.remove(watch);
  }

  List<OpenWatch> of(Requests requests) {
    return open.stream().filter(watch -> requests.include(watch.request())).toList();
  }
}
