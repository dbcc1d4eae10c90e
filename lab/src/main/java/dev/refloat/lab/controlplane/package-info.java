/**
 * Starts a real control plane on loopback and stops exactly what it started. Knows nothing of
 * Refloat.
 */
@NullMarked
package dev.refloat.lab.controlplane;

import org.jspecify.annotations.NullMarked;
