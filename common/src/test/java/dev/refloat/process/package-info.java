@NullMarked
package dev.refloat.process;

import org.jspecify.annotations.NullMarked;
