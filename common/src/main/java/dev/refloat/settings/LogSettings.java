package dev.refloat.settings;

/** What is logged, and how. */
public record LogSettings(LogLevel level, LogFormat format) {}
