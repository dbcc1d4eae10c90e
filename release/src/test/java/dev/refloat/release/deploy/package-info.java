@NullMarked
package dev.refloat.release.deploy;

import org.jspecify.annotations.NullMarked;
