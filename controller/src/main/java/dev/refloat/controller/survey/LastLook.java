package dev.refloat.controller.survey;

/** What the last look before a deletion found. */
public sealed interface LastLook {

  record Same() implements LastLook {}

  /** Something moved, so that nothing may be deleted. */
  record Changed(String what) implements LastLook {}
}
