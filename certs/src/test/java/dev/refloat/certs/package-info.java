@NullMarked
package dev.refloat.certs;

import org.jspecify.annotations.NullMarked;
