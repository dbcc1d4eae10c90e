@NullMarked
package dev.refloat.lab.drill;

import org.jspecify.annotations.NullMarked;
