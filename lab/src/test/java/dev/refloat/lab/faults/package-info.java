@NullMarked
package dev.refloat.lab.faults;

import org.jspecify.annotations.NullMarked;
