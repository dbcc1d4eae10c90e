/**
 * What a user sees, on the real control plane: each test in a world of its own, with a controller
 * of its own, one webhook for all.
 */
@NullMarked
package dev.refloat.lab.e2e;

import org.jspecify.annotations.NullMarked;
