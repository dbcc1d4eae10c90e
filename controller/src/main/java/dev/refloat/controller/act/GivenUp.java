package dev.refloat.controller.act;

import dev.refloat.controller.SetKey;
import dev.refloat.recovery.ObjectId;

/**
 * A claim that a recovery has deleted, or was about to.
 *
 * @param key its StatefulSet
 * @param pod the name of the pod that used it
 * @param kept whether its volume was set to Retain
 */
public record GivenUp(SetKey key, String pod, ObjectId claim, boolean kept) {}
