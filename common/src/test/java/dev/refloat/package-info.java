@NullMarked
package dev.refloat;

import org.jspecify.annotations.NullMarked;
