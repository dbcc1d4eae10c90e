@NullMarked
package dev.refloat.lab.drill.run;

import org.jspecify.annotations.NullMarked;
