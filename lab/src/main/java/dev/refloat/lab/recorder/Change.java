package dev.refloat.lab.recorder;

/** How a version came to be known. */
public enum Change {
  /** It was there when the recording started. */
  FOUND,
  ADDED,
  MODIFIED,
  DELETED
}
