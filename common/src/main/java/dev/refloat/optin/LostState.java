package dev.refloat.optin;

import java.util.Arrays;
import java.util.Optional;

/**
 * A state of the pinned node that a user can declare to be a loss. The names are those of {@code
 * refloat.dev/recover}.
 */
public enum LostState {
  /** No such Node any more, or it carries the out-of-service taint. */
  GONE("node-gone"),
  /** Its Ready condition is not True. */
  NOT_READY("node-not-ready"),
  /** Marked unschedulable. */
  CORDONED("node-cordoned"),
  /** Carries a taint that the pod does not tolerate. */
  TAINTED("node-tainted");

  private final String word;

  LostState(String word) {
    this.word = word;
  }

  /** The word that users write and that we print. */
  public String word() {
    return word;
  }

  static Optional<LostState> of(String word) {
    return Arrays.stream(values()).filter(state -> state.word.equals(word)).findFirst();
  }

  @Override
  public String toString() {
    return word;
  }
}
