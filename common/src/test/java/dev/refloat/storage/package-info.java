@NullMarked
package dev.refloat.storage;

import org.jspecify.annotations.NullMarked;
