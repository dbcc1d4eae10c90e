package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.settings.Percentage;
import dev.refloat.storage.LocalStorage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes up worlds: everything that can be known about one pod, from a seed.
 *
 * <p>Each begins as one that asks for a recovery, and every fact in it may then be another one with
 * a small chance. So a good share gets through the whole checklist, each rule has something to
 * object to, and what differs from an ordinary world is mostly one or two facts, as it is in life.
 */
final class Worlds {

  private static final Instant FIRST = Instant.parse("2026-11-23T00:00:00Z");

  /** Names that look like each other's prefixes: a claim's name is put together of such. */
  private static final List<String> SETS = List.of("db", "db", "db", "db-1", "data-db");

  private Worlds() {}

  /** The same world for the same seed. */
  static Situation of(long seed) {
    Dice dice = new Dice(seed);
    Instant now = FIRST.plus(dice.between(Duration.ZERO, Duration.ofDays(1)));
    String namespace = dice.oneOf("shop", "bank");
    int replicas = dice.oneOf(1, 2, 3, 3, 3, 4, 5);
    RandomCluster cluster = RandomCluster.draw(dice, now, replicas + dice.between(2, 5));
    RandomOptIn.Annotations optIn = RandomOptIn.draw(dice);
    int start = dice.usually(0, 8, 1, 8);
    int own = start + dice.between(0, replicas - 1);
    String setName = dice.oneOf(SETS);
    String podName = setName + "-" + own;
    RandomStorage storage = new RandomStorage(dice, now, cluster, namespace, podName);
    List<ClaimTemplate> templates = storage.templates();
    OwningSet set =
        new OwningSet(
            new ObjectId(namespace, setName, "uid-" + setName, "11"),
            start,
            dice.odd(1.5) ? own - start : replicas,
            templates,
            paused(dice),
            optIn.template(),
            dice.percent(70),
            dice.percent(70) ? Duration.ZERO : Duration.ofSeconds(dice.between(1, 900)),
            now.minus(
                dice.odd(10)
                    ? dice.between(Duration.ZERO, Duration.ofHours(2))
                    : dice.between(Duration.ofDays(30), Duration.ofDays(300))),
            dice.odd(0.7));
    List<PodStorage> claims = storage.claims(templates);
    RandomPods pods = new RandomPods(dice, now, cluster, namespace);
    Pod pod =
        pods.stranded(
            dice.usually(podName, 0.5, setName + "-0" + own, setName + "x-" + own, "other"),
            new Pod.Owner("StatefulSet", setName, set.id().uid()),
            optIn.pod(),
            claims);
    Situation unseen =
        new Situation(
            now,
            pod,
            dice.odd(0.7) ? Optional.empty() : Optional.of(set),
            paused(dice),
            dice.odd(0.7),
            claims,
            pods.others(set, own, claims),
            storage.spare(templates),
            cluster.cluster(),
            Sightings.NONE,
            traffic(dice, now, cluster, storage, templates, pod),
            policy(dice));
    return unseen.with(sightings(dice, now, unseen.causes()));
  }

  private static Map<String, String> paused(Dice dice) {
    return dice.odd(1)
        ? Map.of("refloat.dev/paused", dice.oneOf("true", "false", "", "until monday"))
        : Map.of();
  }

  private static Traffic traffic(
      Dice dice,
      Instant now,
      RandomCluster cluster,
      RandomStorage storage,
      List<ClaimTemplate> templates,
      Pod pod) {
    Set<String> gone = new HashSet<>(Set.of(cluster.lost().label("kubernetes.io/hostname")));
    if (dice.odd(6)) {
      gone.addAll(List.of("n-lost-1", "n-lost-2", "n-lost-3").subList(0, dice.between(1, 3)));
    }
    return new Traffic(
        dice.odd(4) ? Optional.of(dice.oneOf("db-0", pod.name())) : Optional.empty(),
        dice.odd(8) ? dice.between(1, 12) : 0,
        dice.odd(5) ? Optional.of(now.plusSeconds(dice.between(-20, 40))) : Optional.empty(),
        dice.odd(5) ? List.of(storage.waiting(templates)) : List.of(),
        gone);
  }

  private static Policy policy(Dice dice) {
    Map<LostState, Duration> graces = new EnumMap<>(LostState.class);
    for (LostState state : LostState.values()) {
      graces.put(
          state,
          dice.oneOf(
              Duration.ZERO,
              Duration.ofSeconds(15),
              Duration.ofSeconds(15),
              Duration.ofMinutes(10),
              Duration.ofMinutes(40)));
    }
    boolean own = dice.percent(85);
    return new Policy(
        graces,
        dice.oneOf(
            Duration.ZERO, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofHours(1)),
        new Percentage(dice.oneOf(0, 33, 50, 50, 100)),
        dice.oneOf(1, 5, 10, 10),
        new LocalStorage(
            own ? Set.of(RandomStorage.Kind.OWN.provisioner) : Set.of(),
            own ? Set.of(RandomCluster.OWN_KEY) : Set.of()));
  }

  /** Most were seen long ago, some just now, some never; and some of them were other ones. */
  private static Sightings sightings(Dice dice, Instant now, Set<Cause> causes) {
    Map<Cause, Instant> since = new HashMap<>();
    // A set has no order of its own that a seed could repeat.
    for (Cause cause : causes.stream().sorted(Comparator.comparing(Cause::toString)).toList()) {
      Instant longAgo = now.minus(dice.between(Duration.ofMinutes(5), Duration.ofHours(4)));
      Instant seen =
          dice.usually(
              longAgo,
              8,
              now,
              now.minusSeconds(dice.between(1, 20)),
              now.minusSeconds(dice.between(20, 700)),
              now.plusSeconds(5));
      if (dice.odd(4)) {
        since.put(another(dice, cause), longAgo);
        if (dice.percent(50)) {
          continue;
        }
      }
      if (!dice.odd(2)) {
        since.put(cause, seen);
      }
    }
    return new Sightings(since);
  }

  /** What was seen was not quite this. */
  private static Cause another(Dice dice, Cause cause) {
    return switch (cause) {
      case Cause.NodeLost lost ->
          dice.oneOf(
              Copy.with(lost, "volumeUid", "uid-of-another-volume"),
              Copy.with(lost, "nodeUid", "uid-of-the-node-before"),
              Copy.with(lost, "affinity", Given.hostname("elsewhere")),
              Copy.with(lost, "state", dice.oneOf(LostState.values())));
      case Cause.VolumeGone gone ->
          dice.oneOf(
              Copy.with(gone, "claimUid", "uid-of-another-claim"),
              Copy.with(gone, "volume", "pv-of-old"));
      case Cause.SelectedNodeGone gone ->
          dice.oneOf(
              Copy.with(gone, "claimUid", "uid-of-another-claim"),
              Copy.with(gone, "node", "n-of-old"));
    };
  }
}
