package dev.refloat.optin;

/** What becomes of the data on the lost node's disk. */
public enum Data {
  /**
   * The volume is set to Retain before its claim goes: whatever returns, nothing wipes the disk.
   */
  KEEP,
  /** The volume is never modified; its own reclaim policy decides. */
  DISCARD;

  @Override
  public String toString() {
    return this == KEEP ? "keep" : "discard";
  }
}
