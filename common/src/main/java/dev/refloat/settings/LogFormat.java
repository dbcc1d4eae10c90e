package dev.refloat.settings;

/** How a log line is written. */
public enum LogFormat {
  /** One JSON object a line, for machines. */
  JSON,
  /** For people. */
  TEXT
}
