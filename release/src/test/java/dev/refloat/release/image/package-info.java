@NullMarked
package dev.refloat.release.image;

import org.jspecify.annotations.NullMarked;
