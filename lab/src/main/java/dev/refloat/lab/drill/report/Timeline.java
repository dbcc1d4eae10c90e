package dev.refloat.lab.drill.report;

import dev.refloat.lab.drill.run.Narrator;
import java.util.ArrayList;
import java.util.List;

/**
 * The picture of one run: a bar for each phase, a line for each moment.
 *
 * @param bottom where the bars end, in pixels
 */
record Timeline(
    int width,
    int height,
    int top,
    int bottom,
    List<Axis.Tick> ticks,
    List<Bar> bars,
    List<Line> lines) {

  private static final int WIDTH = 960;
  private static final int LEFT = 250;
  private static final int RIGHT = 900;
  private static final int ROW = 24;
  private static final int BAR = 16;
  private static final int TEXT_DROP = 4; // from the middle of a line to its base
  private static final int LABEL = 15;
  private static final double SHORTEST = 0.1; // seconds; so that there is something to draw
  private static final int THINNEST = 2;

  /** A phase: its name at the left, its bar where it was, its length behind it. */
  record Bar(
      String name, String result, long x, int y, long width, int text, long end, String took) {}

  /** A moment. */
  record Line(long x, int label, String what) {}

  static Timeline of(Figures.Run run) {
    Axis axis = new Axis(0, Math.max(SHORTEST, run.seconds()), LEFT, RIGHT);
    List<Line> lines = new ArrayList<>();
    for (Figures.Moment moment : run.moments()) {
      // One below the other, because some are close together.
      lines.add(
          new Line(
              axis.x(moment.at()),
              LABEL + lines.size() * LABEL,
              "%s, %s".formatted(moment.what(), Narrator.seconds(moment.at()))));
    }
    int top = LABEL + lines.size() * LABEL;
    List<Bar> bars = new ArrayList<>();
    for (Figures.Part phase : run.phases()) {
      int y = top + bars.size() * ROW;
      long x = axis.x(phase.from());
      long width = Math.max(THINNEST, axis.x(phase.to()) - x);
      bars.add(
          new Bar(
              phase.name(),
              phase.result(),
              x,
              y + (ROW - BAR) / 2,
              width,
              y + ROW / 2 + TEXT_DROP,
              x + width + THINNEST * 2,
              Narrator.seconds(phase.to() - phase.from())));
    }
    int bottom = top + bars.size() * ROW;
    return new Timeline(WIDTH, bottom + ROW, top, bottom, axis.ticks(), bars, lines);
  }
}
