package dev.refloat.settings;

/** From how important a message on it is logged. */
public enum LogLevel {
  DEBUG,
  INFO,
  WARN,
  ERROR
}
