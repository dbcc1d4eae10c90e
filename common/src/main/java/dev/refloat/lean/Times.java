package dev.refloat.lean;

import java.time.Instant;
import java.time.OffsetDateTime;

/** Timestamps as the API sends them: RFC 3339, with or without a fraction. */
final class Times {

  private Times() {}

  static Instant parse(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }
}
