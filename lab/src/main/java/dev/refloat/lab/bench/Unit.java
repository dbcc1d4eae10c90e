package dev.refloat.lab.bench;

import java.util.Locale;

/** What is counted, and with how many digits it is told. */
enum Unit {
  SECONDS("%.3f s"),
  MILLISECONDS("%.2f ms"),
  PER_SECOND("%,.0f /s"),
  MEGABYTES("%.1f MB"),
  KILOBYTES_PER_MINUTE("%.1f KB/min"),
  CPU_SECONDS_PER_MINUTE("%.2f s/min"),
  REQUESTS("%.1f"),
  REQUESTS_PER_MINUTE("%.1f /min");

  private final String format;

  Unit(String format) {
    this.format = format;
  }

  String print(double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
