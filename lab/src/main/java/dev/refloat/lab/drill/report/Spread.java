package dev.refloat.lab.drill.report;

import dev.refloat.lab.drill.run.Narrator;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The picture of how times are spread: how many runs took how long, and each run as a dot. */
record Spread(
    int width,
    int height,
    int bottom,
    int axisText,
    List<Axis.Tick> ticks,
    List<Column> columns,
    List<Dot> dots,
    List<Line> lines) {

  private static final int WIDTH = 960;
  private static final int LEFT = 40;
  private static final int RIGHT = 920;
  private static final int TOP = 50;
  private static final int COLUMNS_HIGH = 140;
  private static final int DOTS_BELOW = 14;
  private static final int LABEL = 15;
  private static final int BINS = 16;
  private static final int GAP = 2;

  /** So many runs took that long. */
  record Column(long x, long y, long width, long height, int runs, long middle, long label) {}

  /** One run. */
  record Dot(long x, int y, String seconds) {}

  /** A figure of the table. */
  record Line(long x, int label, String what) {}

  static Spread of(Figures.Times times) {
    double room = Math.max(0.5, (times.max() - times.min()) / 10);
    Axis axis = new Axis(Math.max(0, times.min() - room), times.max() + room, LEFT, RIGHT);
    int bottom = TOP + COLUMNS_HIGH;
    List<Line> lines =
        List.of(
            new Line(axis.x(times.median()), LABEL, "median " + Narrator.seconds(times.median())),
            new Line(axis.x(times.p95()), 2 * LABEL, "p95 " + Narrator.seconds(times.p95())));
    return new Spread(
        WIDTH,
        bottom + DOTS_BELOW * 2 + LABEL * 2,
        bottom,
        bottom + DOTS_BELOW * 2 + LABEL,
        axis.ticks(),
        columns(times, axis, bottom),
        times.seconds().stream()
            .map(each -> new Dot(axis.x(each), bottom + DOTS_BELOW, Narrator.seconds(each)))
            .toList(),
        lines);
  }

  private static List<Column> columns(Figures.Times times, Axis axis, int bottom) {
    double wide = (axis.to() - axis.from()) / BINS;
    int[] runs = new int[BINS];
    for (double each : times.seconds()) {
      runs[Math.min(BINS - 1, (int) ((each - axis.from()) / wide))]++;
    }
    int most = IntStream.of(runs).max().orElse(1);
    List<Column> columns = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      if (runs[bin] > 0) {
        long x = axis.x(axis.from() + bin * wide);
        long end = axis.x(axis.from() + (bin + 1) * wide);
        long high = Math.round((double) COLUMNS_HIGH * runs[bin] / most);
        columns.add(
            new Column(
                x + GAP / 2,
                bottom - high,
                end - x - GAP,
                high,
                runs[bin],
                (x + end) / 2,
                bottom - high + LABEL));
      }
    }
    return List.copyOf(columns);
  }
}
