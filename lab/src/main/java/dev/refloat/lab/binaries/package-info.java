/**
 * The programs of the control plane and of real nodes: where they are found, and how they are built
 * once from pinned Go modules. Nothing here runs them.
 */
@NullMarked
package dev.refloat.lab.binaries;

import org.jspecify.annotations.NullMarked;
