/** Values that were measured, and what is said of them. */
@NullMarked
package dev.refloat.lab.figures;

import org.jspecify.annotations.NullMarked;
