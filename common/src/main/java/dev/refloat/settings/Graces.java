package dev.refloat.settings;

import java.time.Duration;

/** How long each state of a node must have been observed without a break before it counts. */
public record Graces(
    Duration nodeGone, Duration nodeNotReady, Duration nodeCordoned, Duration nodeTainted) {}
