@NullMarked
package dev.refloat.words;

import org.jspecify.annotations.NullMarked;
