package dev.refloat.lab.bench;

import java.util.Locale;

/** What can be measured. */
enum Benchmark {
  /** One stranded pod at a time. */
  SINGLE,
  /** Many stranded pods at once. */
  STORM,
  /** Nothing happens. */
  IDLE,
  /** A webhook is asked, as fast as it answers. */
  ADMISSION,
  /** Pods are made with and without a webhook. */
  CREATION;

  /** Returns the name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  Findings run(Ground ground, Sizes sizes) throws InterruptedException {
    return switch (this) {
      case SINGLE -> new Single(ground, sizes.rounds()).run();
      case STORM -> new Storm(ground, sizes.sets(), sizes.storms()).run();
      case IDLE -> new Idle(ground, sizes).run();
      case ADMISSION -> new Admission(ground, sizes.admission()).run();
      case CREATION -> new Creation(ground, sizes.creations()).run();
    };
  }
}
