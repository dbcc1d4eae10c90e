/** A relay between clients and servers that ends nothing and looks into nothing. */
@NullMarked
package dev.refloat.lab.relay;

import org.jspecify.annotations.NullMarked;
