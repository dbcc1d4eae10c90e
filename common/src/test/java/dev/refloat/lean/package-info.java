@NullMarked
package dev.refloat.lean;

import org.jspecify.annotations.NullMarked;
