/**
 * From the {@code refloat.dev/*} annotations of a pod template to a policy, or to what is wrong
 * with them.
 *
 * <p>Pure. A malformed value never becomes a default that acts.
 */
@NullMarked
package dev.refloat.optin;

import org.jspecify.annotations.NullMarked;
