/**
 * What the cluster says about the storage behind a pod's claims, in time for an answer.
 *
 * <p>What it means is decided in {@code dev.refloat.admission}.
 */
@NullMarked
package dev.refloat.webhook.storage;

import org.jspecify.annotations.NullMarked;
