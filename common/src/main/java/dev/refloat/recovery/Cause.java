package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.storage.NodeSelector;
import java.time.Instant;

/**
 * One reason why one claim cannot be used, precise enough that a change of anything that matters
 * makes another one, whose grace starts anew.
 */
public sealed interface Cause {

  LostState state();

  /** When the thing itself says that it came into this state; the epoch if it does not say. */
  default Instant notBefore() {
    return Instant.EPOCH;
  }

  /**
   * What the volume asks for (S19), the state (S15), and the very Node that it was seen on (S10).
   *
   * @param volumeUid the volume
   * @param affinity where it may be used
   * @param state how its node is lost
   * @param nodeUid the Node that is in that state; empty when there is none
   * @param notBefore the Node's own transition into it (S12)
   */
  record NodeLost(
      String volumeUid, NodeSelector affinity, LostState state, String nodeUid, Instant notBefore)
      implements Cause {}

  /** The claim's volume answers 404 (S39). */
  record VolumeGone(String claimUid, String volume) implements Cause {

    @Override
    public LostState state() {
      return LostState.GONE;
    }
  }

  /** The node that was chosen for the unbound claim is gone (S55). */
  record SelectedNodeGone(String claimUid, String node) implements Cause {

    @Override
    public LostState state() {
      return LostState.GONE;
    }
  }
}
