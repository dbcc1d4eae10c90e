/**
 * Lists as small as they can be had: what is not needed is not asked for, or is skipped while it
 * arrives. Nothing is decided here, and nothing is kept.
 */
@NullMarked
package dev.refloat.lean;

import org.jspecify.annotations.NullMarked;
