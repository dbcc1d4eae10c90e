/**
 * Images of the two processes: the C library and the Java that they need, and the layout that the
 * build leaves. Made without a daemon, the same to the bit for the same inputs.
 */
@NullMarked
package dev.refloat.release.image;

import org.jspecify.annotations.NullMarked;
