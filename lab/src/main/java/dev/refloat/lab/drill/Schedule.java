package dev.refloat.lab.drill;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Which app each run is on.
 *
 * @param words how that came
 */
record Schedule(List<App> runs, String words) {

  Schedule {
    runs = List.copyOf(runs);
  }

  /** Each app once. */
  static Schedule once(List<App> apps) {
    return new Schedule(
        apps, apps.size() == 1 ? "1 run" : "%d runs, one on each app".formatted(apps.size()));
  }

  /** So many runs, each on one of the apps by chance. */
  static Schedule byChance(List<App> apps, int times, long seed) {
    Random chance = new Random(seed);
    return new Schedule(
        IntStream.range(0, times).mapToObj(_ -> apps.get(chance.nextInt(apps.size()))).toList(),
        "%d runs on %d apps by chance; the same again: --seed %d"
            .formatted(times, apps.size(), seed));
  }
}
