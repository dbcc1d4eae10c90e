@NullMarked
package dev.refloat.recovery;

import org.jspecify.annotations.NullMarked;
