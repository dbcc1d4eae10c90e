package dev.refloat.lab.drill.report;

import dev.refloat.lab.drill.run.Narrator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The picture of all recoveries, one below the other: what each spent its time on. */
record Voyages(
    int width,
    int height,
    int bottom,
    int axisText,
    List<Axis.Tick> ticks,
    List<Row> rows,
    List<Key> keys) {

  private static final int WIDTH = 960;
  private static final int LEFT = 170;
  private static final int RIGHT = 900;
  private static final int TOP = 30;
  private static final int ROW = 22;
  private static final int TEXT = 14;
  private static final int KEY = 16;
  private static final int FIRST_KEY = 20;
  private static final int KEY_WIDTH = 185;

  /** One recovery. */
  record Row(String name, int y, int text, String result, List<Leg> legs, long end, String took) {}

  /**
   * What one recovery spent its time on.
   *
   * @param colour 0 to 4
   */
  record Leg(long x, long width, int colour, String what) {}

  /** What a colour means. */
  record Key(int colour, int x, int text, String what) {}

  /** Returns the picture; nothing if no run has more than one leg. */
  static List<Voyages> of(List<Figures.Run> all) {
    List<Integer> shown =
        IntStream.range(0, all.size())
            .filter(run -> all.get(run).moments().size() > 2)
            .boxed()
            .toList();
    double longest = shown.stream().mapToDouble(run -> length(all.get(run))).max().orElse(0);
    if (shown.isEmpty() || longest <= 0) {
      return List.of();
    }
    Axis axis = new Axis(0, longest, LEFT, RIGHT);
    List<Row> rows = new ArrayList<>();
    for (int run : shown) {
      rows.add(row(run + 1, all.get(run), axis, TOP + rows.size() * ROW));
    }
    int bottom = TOP + rows.size() * ROW;
    return List.of(
        new Voyages(
            WIDTH, bottom + ROW, bottom, bottom + KEY, axis.ticks(), rows, keys(all, shown)));
  }

  private static double length(Figures.Run run) {
    return run.moments().getLast().at() - run.moments().getFirst().at();
  }

  private static Row row(int number, Figures.Run run, Axis axis, int y) {
    double begin = run.moments().getFirst().at();
    List<Leg> legs = new ArrayList<>();
    for (int next = 1; next < run.moments().size(); next++) {
      double from = run.moments().get(next - 1).at() - begin;
      double to = run.moments().get(next).at() - begin;
      legs.add(
          new Leg(
              axis.x(from),
              axis.x(to) - axis.x(from),
              next - 1,
              "until %s: %s"
                  .formatted(run.moments().get(next).what(), Narrator.seconds(to - from))));
    }
    return new Row(
        "%d. %s".formatted(number, run.app()),
        y,
        y + TEXT,
        run.result(),
        legs,
        axis.x(length(run)) + 4,
        Narrator.seconds(length(run)));
  }

  private static List<Key> keys(List<Figures.Run> all, List<Integer> shown) {
    List<Figures.Moment> longest =
        shown.stream()
            .map(run -> all.get(run).moments())
            .max((one, other) -> Integer.compare(one.size(), other.size()))
            .orElse(List.of());
    return IntStream.range(1, longest.size())
        .mapToObj(
            next -> {
              int x = FIRST_KEY + (next - 1) * KEY_WIDTH;
              return new Key(next - 1, x, x + KEY, "until " + longest.get(next).what());
            })
        .toList();
  }
}
