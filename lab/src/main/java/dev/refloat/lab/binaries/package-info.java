/**
 * The six programs of the control plane: where they are found, and how they are built once from
 * pinned Go modules. Nothing here runs them.
 */
@NullMarked
package dev.refloat.lab.binaries;

import org.jspecify.annotations.NullMarked;
