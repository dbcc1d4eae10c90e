package dev.refloat.recovery;

import dev.refloat.optin.LostState;
import dev.refloat.storage.NodeSelector;

/**
 * One reason why one volume cannot be reached, precise enough that a change of anything that
 * matters makes another one: what the volume asks for (S19), the state (S15), and the very Node
 * that it was seen on (S10).
 *
 * @param volumeUid the volume
 * @param affinity where it may be used
 * @param state how its node is lost
 * @param nodeUid the Node that is in that state; empty when there is none
 */
public record Cause(String volumeUid, NodeSelector affinity, LostState state, String nodeUid) {}
