/**
 * The process {@code refloat-webhook}: TLS, one path, and what it takes to be there whenever the
 * API server asks.
 *
 * <p>The way of a request: {@link dev.refloat.webhook.AdmissionServer} (TLS, limits) -> {@link
 * dev.refloat.webhook.Mutation} -> {@code review} (JSON to facts) -> {@code dev.refloat.admission}
 * (the decision) with {@code storage} (what the cluster says about claims) -> {@code review}
 * (decision to JSON). Nothing is decided here.
 */
@NullMarked
package dev.refloat.webhook;

import org.jspecify.annotations.NullMarked;
