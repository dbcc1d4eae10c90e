package dev.refloat.lean;

import java.time.Instant;

/** When the kubelet of a node last renewed its Lease; by default it does so every ten seconds. */
public record Heartbeat(String node, Instant renewedAt) {}
