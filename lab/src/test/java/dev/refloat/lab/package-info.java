@NullMarked
package dev.refloat.lab;

import org.jspecify.annotations.NullMarked;
