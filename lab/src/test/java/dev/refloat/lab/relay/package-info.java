@NullMarked
package dev.refloat.lab.relay;

import org.jspecify.annotations.NullMarked;
