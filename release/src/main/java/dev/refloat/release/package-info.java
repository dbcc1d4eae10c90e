/** Makes of a build what is installed: images, manifests in one file, charts. */
@NullMarked
package dev.refloat.release;

import org.jspecify.annotations.NullMarked;
