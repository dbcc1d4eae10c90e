/** Brings what was made to a cluster. */
@NullMarked
package dev.refloat.release.deploy;

import org.jspecify.annotations.NullMarked;
