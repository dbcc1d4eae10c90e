/**
 * Drills that an operator runs on a cluster: each does to a StatefulSet what happens to one some
 * day, and checks what becomes of it. A drill undoes what it did, whatever ends it.
 */
@NullMarked
package dev.refloat.lab.drill;

import org.jspecify.annotations.NullMarked;
