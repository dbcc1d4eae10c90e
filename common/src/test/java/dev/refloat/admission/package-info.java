@NullMarked
package dev.refloat.admission;

import org.jspecify.annotations.NullMarked;
