@NullMarked
package dev.refloat.lab.figures;

import org.jspecify.annotations.NullMarked;
