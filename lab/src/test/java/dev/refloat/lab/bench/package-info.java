@NullMarked
package dev.refloat.lab.bench;

import org.jspecify.annotations.NullMarked;
