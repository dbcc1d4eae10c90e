package dev.refloat.controller.watch;

import dev.refloat.controller.SetKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What one watch knows, by UID and by set. Safe for use by several threads. */
final class Suspects {

  private final Map<String, Suspect> byUid = new HashMap<>();
  private final Map<SetKey, Set<Suspect>> bySet = new HashMap<>();

  /** The pods of a set, by name. */
  synchronized List<Suspect> of(SetKey key) {
    return bySet.getOrDefault(key, Set.of()).stream()
        .sorted(Comparator.comparing(Suspect::name))
        .toList();
  }

  synchronized int count() {
    return byUid.size();
  }

  /** When the one that waits longest was made; empty if none waits. */
  synchronized Optional<Instant> oldest() {
    return byUid.values().stream().map(Suspect::createdAt).min(Comparator.naturalOrder());
  }

  /** Everything that is known, by UID. */
  synchronized Map<String, Suspect> all() {
    return Map.copyOf(byUid);
  }

  synchronized void put(Suspect suspect) {
    remove(suspect.id().uid());
    byUid.put(suspect.id().uid(), suspect);
    bySet.computeIfAbsent(suspect.set(), _ -> new HashSet<>()).add(suspect);
  }

  synchronized void remove(String uid) {
    Suspect before = byUid.remove(uid);
    if (before != null) {
      bySet.computeIfPresent(
          before.set(),
          (_, pods) -> {
            pods.remove(before);
            return pods.isEmpty() ? null : pods;
          });
    }
  }

  /** Knows exactly these from now on; returns the sets for which that is news. */
  synchronized Set<SetKey> replace(Collection<Suspect> suspects) {
    Map<String, Suspect> now =
        suspects.stream()
            .collect(Collectors.toMap(each -> each.id().uid(), Function.identity(), (a, _) -> a));
    Set<SetKey> news = new HashSet<>();
    all()
        .forEach(
            (uid, before) -> {
              if (!now.containsKey(uid)) {
                remove(uid);
                news.add(before.set());
              }
            });
    now.forEach(
        (uid, suspect) -> {
          if (!suspect.equals(byUid.get(uid))) {
            put(suspect);
            news.add(suspect.set());
          }
        });
    return news;
  }
}
